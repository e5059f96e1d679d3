"""News about a lead: what was not sent is cancelled, and who has it, or may have it, is told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.change import change_state
from leadgen.delivery.endpoints import find_notice_endpoint
from leadgen.delivery.spread import make_delivery
from leadgen.models import About, Delivery, Endpoint, Lead, State

UNSENT = (State.pending, State.held, State.claimed)
PERHAPS_SENT = (State.sending, State.uncertain, State.delivered)


def recall_lead(session: Session, lead: Lead, at: datetime) -> dict[str, int]:
    """After a withdrawal: cancel what has not left, notify where bytes may have left. Gives counts.

    ``unreachable`` counts endpoints that take no notices: staff tell those schools by hand."""
    counts = {"cancelled": 0, "notified": 0, "unreachable": 0}
    for delivery in _find_deliveries(session, lead):
        if delivery.state in UNSENT and change_state(session, delivery, State.cancelled, "withdrawn", expected=UNSENT):
            counts["cancelled"] += 1
            continue
        session.refresh(delivery)
        if delivery.state in PERHAPS_SENT:
            counts["notified" if _notify(session, lead, delivery, at) else "unreachable"] += 1
    return counts


def cancel_needless_notices(session: Session, lead: Lead) -> None:
    """Cancel withdrawal notices of a lead that turned out never to have left."""
    deliveries = _find_deliveries(session, lead)
    if any(delivery.state in PERHAPS_SENT for delivery in deliveries):
        return
    notices = select(Delivery).where(Delivery.lead_id == lead.id, Delivery.about == About.withdrawal)
    for notice in session.scalars(notices):
        if notice.state in UNSENT:
            change_state(session, notice, State.cancelled, "never_sent", expected=UNSENT)


def _find_deliveries(session: Session, lead: Lead) -> list[Delivery]:
    query = select(Delivery).where(Delivery.lead_id == lead.id, Delivery.about == About.lead).order_by(Delivery.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _notify(session: Session, lead: Lead, delivery: Delivery, at: datetime) -> bool:
    endpoint = find_notice_endpoint(session, session.get_one(Endpoint, delivery.endpoint_id))
    if endpoint is None:
        return False
    told = select(Delivery.id).where(
        Delivery.lead_id == lead.id, Delivery.endpoint_id == endpoint.id, Delivery.about == About.withdrawal
    )
    if session.scalar(told) is None:
        make_delivery(session, lead, endpoint, About.withdrawal, at)
    return True
