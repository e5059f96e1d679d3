"""News about a lead: what was not sent is cancelled, and who has it, or may have it, is told."""

from datetime import datetime

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.database import table_of
from leadgen.delivery.change import change_state
from leadgen.delivery.endpoints import find_notice_endpoint
from leadgen.delivery.feed.offer import offer_news
from leadgen.delivery.spread import make_delivery
from leadgen.models import About, Attempt, Delivery, Endpoint, Lead, Result, State

UNSENT = (State.pending, State.held, State.claimed)
PERHAPS_SENT = (State.sending, State.uncertain, State.delivered)
NEVER_SENT = "never_sent"
# a try whose parcel may be there whatever became of the delivery since
PERHAPS_ARRIVED = (Result.accepted, Result.unknown, Result.superseded)

_delivery = table_of(Delivery).c
_NEVER_SENT_NOTICES = (
    select(_delivery.id)
    .where(_delivery.lead_id == bindparam("of_lead"), _delivery.about.in_((About.withdrawal, About.erasure)))
    .where(_delivery.state == State.cancelled, _delivery.reason == NEVER_SENT)
    .order_by(_delivery.id)
)


def recall_lead(session: Session, lead: Lead, at: datetime) -> dict[str, int]:
    """After a withdrawal: cancel what has not left, notify where the parcel may have arrived. Gives counts.

    An earlier try may have arrived although the delivery waits for another. ``unreachable`` counts endpoints
    that take no notices: staff tell those schools by hand."""
    counts = {"cancelled": 0, "notified": 0, "unreachable": 0}
    for delivery in session.scalars(select_carryings(lead).with_for_update(key_share=True)).all():
        if delivery.state in UNSENT and change_state(session, delivery, State.cancelled, "withdrawn", expected=UNSENT):
            counts["cancelled"] += 1
        if delivery.state in PERHAPS_SENT or may_have_arrived(session, delivery):
            told = make_notice(session, lead, delivery, About.withdrawal, at)
            counts["notified" if told else "unreachable"] += 1
    cancel_changes(session, lead)
    offer_news(session, lead, About.withdrawal, at)
    mark_untold(session, lead.id, at if counts["unreachable"] and not counts["notified"] else None)
    return counts


def cancel_changes(session: Session, lead: Lead) -> None:
    """What she changed goes nowhere once she has withdrawn: it carries the person."""
    changes = select(Delivery).where(Delivery.lead_id == lead.id, Delivery.about == About.change)
    for change in session.scalars(changes.order_by(Delivery.id).with_for_update(key_share=True)).all():
        if change.state in UNSENT:
            change_state(session, change, State.cancelled, "withdrawn", expected=UNSENT)


def cancel_needless_notices(session: Session, lead: Lead) -> None:
    """Cancel the notices of a lead of which no body left. The caller holds the lead's row."""
    for delivery in session.scalars(select_carryings(lead)).all():
        if delivery.state in PERHAPS_SENT or may_have_arrived(session, delivery) or _was_read(session, delivery):
            return
    mark_untold(session, lead.id, None)
    for notice in session.scalars(_select_notices(lead)).all():
        if notice.state in UNSENT:
            change_state(session, notice, State.cancelled, NEVER_SENT, expected=UNSENT)


def revive_notices(session: Session, lead_id: int, at: datetime) -> None:
    """Send the notices after all that were cancelled because the lead seemed never to have left."""
    for notice_id in session.scalars(_NEVER_SENT_NOTICES, {"of_lead": lead_id}).all():
        notice = session.get_one(Delivery, notice_id, populate_existing=True)
        change_state(session, notice, State.pending, None, due_at=at, expected=(State.cancelled,))
        outbox.after_commit(session, outbox.Carried.delivery, notice_id)


def note_untold(session: Session, lead_id: int, at: datetime) -> None:
    """After a withdrawn lead turned out to be there after all: staff tell the school, where no notice does."""
    told = select(Delivery.id).where(Delivery.lead_id == lead_id, Delivery.about == About.withdrawal)
    if session.scalar(told.limit(1)) is None:
        mark_untold(session, lead_id, at)


def mark_untold(session: Session, lead_id: int, since: datetime | None) -> None:
    """Put on the worklist that staff tell the school by hand, since then; None: nobody has to."""
    marked = update(Lead).where(Lead.id == lead_id).values(untold_since=since)
    session.execute(marked.execution_options(synchronize_session=False))


def select_carryings(lead: Lead) -> Select[Delivery]:
    """The deliveries of the lead itself, read anew, in the order in which everybody locks them."""
    query = select(Delivery).where(Delivery.lead_id == lead.id, Delivery.about == About.lead).order_by(Delivery.id)
    return query.execution_options(populate_existing=True)


def _select_notices(lead: Lead) -> Select[Delivery]:
    query = select(Delivery).where(Delivery.lead_id == lead.id, Delivery.about != About.lead)
    return query.order_by(Delivery.id).execution_options(populate_existing=True)


def may_have_arrived(session: Session, delivery: Delivery) -> bool:
    """Whether some try of it arrived, or may have, whatever state the delivery is in by now."""
    tries = select(Attempt.id).where(Attempt.delivery_id == delivery.id)
    open_or_arrived = Attempt.result.is_(None) | Attempt.result.in_(PERHAPS_ARRIVED)
    return session.scalar(tries.where(open_or_arrived).limit(1)) is not None


def _was_read(session: Session, delivery: Delivery) -> bool:
    """Whether a try was answered: who answers a no has read the parcel before, or its beginning."""
    answered = (Attempt.delivery_id == delivery.id, Attempt.status.is_not(None))
    by_word = Attempt.result == Result.not_received  # staff, or the school, said that it is not there
    return session.scalar(select(Attempt.id).where(*answered, ~by_word).limit(1)) is not None


def make_notice(session: Session, lead: Lead, delivery: Delivery, about: About, at: datetime, version: int = 1) -> bool:
    """Tell the school by the endpoint that takes news about what went by ``delivery``. False where none does.

    Two deliveries whose news go to the same endpoint need one notice."""
    endpoint = find_notice_endpoint(session, session.get_one(Endpoint, delivery.endpoint_id))
    if endpoint is None:
        return False
    mine = (Delivery.lead_id == lead.id, Delivery.endpoint_id == endpoint.id)
    told = select(Delivery.id).where(*mine, Delivery.about == about, Delivery.version == version)
    if session.scalar(told) is None:
        make_delivery(session, lead, endpoint, about, at, version)
    return True
