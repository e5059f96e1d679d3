"""News that a person carried, because the school's endpoint takes none: written down like any other delivery."""

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
from leadgen.models import About, Attempt, Consent, Delivery, Endpoint, Lead, Result, State, Subject

BY_HAND = "by_hand"


def tell_by_hand(session: Session, lead: Lead, actor: str, reason: str) -> None:
    """Staff told the school that she withdrew; ``reason`` is the code that says how. Raises ResolveError where she
    did not, or the school was told."""
    lock_lead(session, lead.id)
    consent = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    if session.scalar(select(Consent.withdrawn_at).where(*consent)) is None:
        raise ResolveError(say("The consent stands, so there is nothing to tell."))
    mine = select(Delivery).where(Delivery.lead_id == lead.id)
    if session.scalar(mine.where(Delivery.about == About.withdrawal).limit(1)):
        raise ResolveError(say("The school was told already. Nothing was changed."))
    sent = [
        each for each in session.scalars(mine.where(Delivery.about == About.lead)) if _is_perhaps_there(session, each)
    ]
    if not sent:
        raise ResolveError(say("The lead never left, so there is nothing to tell."))
    _write_down(session, lead, session.get_one(Endpoint, sent[0].endpoint_id), actor, reason)


def _is_perhaps_there(session: Session, delivery: Delivery) -> bool:
    return delivery.state in PERHAPS_SENT or may_have_arrived(session, delivery)


def _write_down(session: Session, lead: Lead, endpoint: Endpoint, actor: str, reason: str) -> None:
    at = now(session)
    delivery = session.get_one(Delivery, make_delivery(session, lead, endpoint, About.withdrawal, at))
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
    data = {"delivery": delivery.id, "school": lead.school_id, "about": About.withdrawal, "reason": reason}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.told_by_hand", actor, data))
