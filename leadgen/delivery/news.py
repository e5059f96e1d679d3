"""News of her own making, beside a withdrawal: what she changed, and that what we held about her was erased."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.delivery.change import change_state
from leadgen.delivery.feed.offer import find_last_change, offer_news
from leadgen.delivery.notices import PERHAPS_SENT, UNSENT, make_notice, mark_untold, may_have_arrived, select_carryings
from leadgen.models import PERSONAL, About, Delivery, Lead, State


def pass_on_change(session: Session, lead: Lead, at: datetime) -> dict[str, int]:
    """After a change that is written already: what has not left is built from it; who has the lead, or may have it, is
    told. Gives counts, as `leadgen.delivery.notices.recall_lead` does. The caller holds the consent's row.

    A worker that has claimed a row may have built its parcel from what was there before, so the row is taken out of
    its hands; one that is sending ends, and the notice waits for that."""
    _take_out_of_hands(session, lead, at)
    return _notify(session, lead, About.change, at, _count_changes(session, lead) + 1)


def tell_erased(session: Session, lead: Lead, at: datetime) -> dict[str, int]:
    """After an erasure: who has the lead, or may have it, is told by the two references alone."""
    return _notify(session, lead, About.erasure, at, 1)


def stop_personal(session: Session, inquiry_id: int) -> int:
    """Cancel whatever carries the person of an inquiry and has not left; gives how many deliveries."""
    leads = select(Lead.id).where(Lead.inquiry_id == inquiry_id)
    unsent = select(Delivery).where(
        Delivery.lead_id.in_(leads), Delivery.about.in_(PERSONAL), Delivery.state.in_(UNSENT)
    )
    found = session.scalars(unsent.order_by(Delivery.id).with_for_update(key_share=True)).all()
    return sum(change_state(session, each, State.cancelled, "erased", expected=UNSENT) for each in found)


def _notify(session: Session, lead: Lead, about: About, at: datetime, version: int) -> dict[str, int]:
    counts = {"notified": 0, "unreachable": 0}
    for delivery in session.scalars(select_carryings(lead).with_for_update(key_share=True)).all():
        if delivery.state in PERHAPS_SENT or may_have_arrived(session, delivery):
            told = make_notice(session, lead, delivery, about, at, version)
            counts["notified" if told else "unreachable"] += 1
    offer_news(session, lead, about, at, version)
    if counts["unreachable"] and not counts["notified"]:
        mark_untold(session, lead.id, at)
    return counts


def _take_out_of_hands(session: Session, lead: Lead, at: datetime) -> None:
    mine = select(Delivery).where(Delivery.lead_id == lead.id, Delivery.about.in_(PERSONAL)).order_by(Delivery.id)
    for delivery in session.scalars(
        mine.with_for_update(key_share=True), execution_options={"populate_existing": True}
    ):
        if delivery.state is State.claimed and change_state(session, delivery, State.pending, None, due_at=at):
            outbox.after_commit(session, outbox.Carried.delivery, delivery.id)


def _count_changes(session: Session, lead: Lead) -> int:
    changes = select(func.max(Delivery.version)).where(Delivery.lead_id == lead.id, Delivery.about == About.change)
    return max(session.scalar(changes) or 0, find_last_change(session, lead))
