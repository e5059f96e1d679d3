"""Take a lead back that has not left: no worker ever had it in hand, so it is as if it was never released."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery import slots
from leadgen.delivery.change import change_state
from leadgen.delivery.feed.offer import is_offered
from leadgen.delivery.resolve import ResolveError
from leadgen.marks import say
from leadgen.models import Attempt, Delivery, Lead, State, Subject

WAITING = (State.pending, State.held)
TAKEN_BACK = "taken_back"
_FETCH = {"synchronize_session": "fetch"}


def take_back_lead(session: Session, lead: Lead) -> bool:
    """Remove a lead with its deliveries, so that its choice can be decided anew. False, and nothing is changed, where
    some of it left, may have left, or was in a worker's hands.

    A raised fence means that a worker claimed it once. Such a row stays: on SQLite a new row may get its number, and a
    worker that wakes up late must not take that one for its own."""
    mine = select(Delivery).where(Delivery.lead_id == lead.id).order_by(Delivery.id)
    locked = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).all()
    if any(each.fence for each in locked) or _was_tried(session, lead.id) or is_offered(session, lead.id):
        return False
    slots.give_back_slot(session, lead.id, State.cancelled)
    session.flush()
    session.execute(delete(Delivery).where(Delivery.lead_id == lead.id), execution_options=_FETCH)
    session.execute(delete(Lead).where(Lead.id == lead.id), execution_options=_FETCH)
    return True


def take_back_redelivery(session: Session, delivery: Delivery, actor: str, since: datetime | None) -> None:
    """Do not send a delivery again after all, that staff sent again at ``since``. Raises ResolveError where a worker
    had it in hand by then."""
    tried = select(Attempt.id).where(Attempt.delivery_id == delivery.id, Attempt.started_at >= since)
    was_tried = session.scalar(tried.limit(1)) is not None
    if was_tried or not change_state(session, delivery, State.failed, TAKEN_BACK, expected=WAITING):
        session.refresh(delivery)
        raise ResolveError(say("This delivery is %(state)s by now. It has left, or is leaving.", state=delivery.state))
    lead = session.get_one(Lead, delivery.lead_id)
    data = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.taken_back", actor, data))


def _was_tried(session: Session, lead_id: int) -> bool:
    tries = select(Attempt.id).join(Delivery, Delivery.id == Attempt.delivery_id).where(Delivery.lead_id == lead_id)
    return session.scalar(tries.limit(1)) is not None
