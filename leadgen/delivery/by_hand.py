"""News that a person carried, because the school's endpoint takes none: written down like any other delivery."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.change import change_state
from leadgen.delivery.notices import PERHAPS_SENT, may_have_arrived
from leadgen.delivery.resolve import ResolveError
from leadgen.delivery.slots import lock_lead
from leadgen.delivery.spread import make_delivery
from leadgen.marks import say
from leadgen.models import About, Attempt, Consent, Contact, Delivery, Endpoint, Lead, Result, State, Subject

BY_HAND = "by_hand"


def tell_by_hand(session: Session, lead: Lead, actor: str, reason: str) -> None:
    """Staff told the school that she withdrew, changed something or was erased; ``reason`` is the code that says how.
    Raises ResolveError where there is nothing to tell, or the school was told."""
    lock_lead(session, lead.id)
    mine = select(Delivery).where(Delivery.lead_id == lead.id)
    about, version = _find_news(session, lead, session.scalars(mine).all())
    sent = [
        each for each in session.scalars(mine.where(Delivery.about == About.lead)) if _is_perhaps_there(session, each)
    ]
    if not sent:
        raise ResolveError(say("The lead never left, so there is nothing to tell."))
    _write_down(session, lead, (sent[0].endpoint_id, about, version), actor, reason)


def _find_news(session: Session, lead: Lead, deliveries: Sequence[Delivery]) -> tuple[About, int]:
    """What the school has to hear, and which of its kind that is."""
    told = [delivery.about for delivery in deliveries]
    if _find_withdrawal(session, lead) is None:
        untold = session.scalar(select(Lead.untold_since).where(Lead.id == lead.id))
        if untold is None:
            raise ResolveError(say("The consent stands, so there is nothing to tell."))
        return About.change, told.count(About.change) + 1
    if About.withdrawal not in told:
        return About.withdrawal, 1
    if About.erasure not in told and _find_erasure(session, lead) is not None:
        return About.erasure, 1
    raise ResolveError(say("The school was told already. Nothing was changed."))


def _find_withdrawal(session: Session, lead: Lead) -> datetime | None:
    mine = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    return session.scalar(select(Consent.withdrawn_at).where(*mine))


def _find_erasure(session: Session, lead: Lead) -> datetime | None:
    return session.scalar(select(Contact.erased_at).where(Contact.inquiry_id == lead.inquiry_id))


def _is_perhaps_there(session: Session, delivery: Delivery) -> bool:
    return delivery.state in PERHAPS_SENT or may_have_arrived(session, delivery)


def _write_down(session: Session, lead: Lead, news: tuple[int, About, int], actor: str, reason: str) -> None:
    endpoint_id, about, version = news
    at, endpoint = now(session), session.get_one(Endpoint, endpoint_id)
    delivery = session.get_one(Delivery, make_delivery(session, lead, endpoint, about, at, version))
    change_state(session, delivery, State.delivered, BY_HAND)
    attempt = {
        "delivery_id": delivery.id,
        "number": 1,
        "fence": delivery.fence,
        "parcel_bytes": 0,
        "parcel_schema": BY_HAND,
        "parcel_hash": "",
        "started_at": at,
        "ended_at": at,
        "result": Result.accepted,
        "resolved_by": actor,
    }
    session.execute(insert(Attempt).values(attempt))
    session.execute(update(Lead).where(Lead.id == lead.id).values(untold_since=None))
    data = {"delivery": delivery.id, "school": lead.school_id, "about": about, "reason": reason}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.told_by_hand", actor, data))
