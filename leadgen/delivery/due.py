"""What is due, and what lapsed: the sweeper's two looks. Safe to run many times and in many places."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import database_now, now
from leadgen.delivery.change import change_state
from leadgen.delivery.decide import Receiver, decide_unknown
from leadgen.models import Attempt, Delivery, Lead, Letter, Result, State, Subject

BATCH = 500
Row = type[Delivery] | type[Letter]


def find_due(session: Session, model: Row, limit: int = BATCH) -> list[int]:
    """Ids of rows that should be on their way, oldest due first."""
    waiting = (State.pending, State.held) if model is Delivery else (State.pending,)
    query = select(model.id).where(model.state.in_(waiting), model.due_at <= database_now())
    return list(session.scalars(query.order_by(model.due_at, model.id).limit(limit)))


def release_lapsed(session: Session, model: Row) -> bool:
    """Free the first row whose worker is gone: claimed goes back to pending, sending becomes uncertain.

    Says whether there was one. The caller commits before the next: rows of several inquiries in one
    transaction could wait in a ring with a withdrawal."""
    query: Select[Any] = select(model).where(
        or_(model.state == State.claimed, model.state == State.sending), model.lease_until < database_now()
    )
    query = query.order_by(model.lease_until).limit(1).with_for_update(skip_locked=True, key_share=True)
    row = session.scalars(query.execution_options(populate_existing=True)).first()
    return row is not None and _release(session, row)


def _release(session: Session, row: Delivery | Letter) -> bool:
    at = now(session)
    if row.state is State.claimed:
        return change_state(session, row, State.pending, None, due_at=at, expected=(State.claimed,))
    receiver = Receiver(True, row.endpoint.drops_repeats) if isinstance(row, Delivery) else Receiver(False)
    following = decide_unknown(receiver, row.tries, "the worker died while sending", at, dice=0.5)
    if not change_state(
        session, row, following.state, following.reason, due_at=following.due_at, expected=(State.sending,)
    ):
        return False
    _mark_attempt(session, row, following.result)
    if isinstance(row, Delivery):
        lead = session.get_one(Lead, row.lead_id)
        data = {"delivery": row.id, "school": row.school_id, "about": row.about, "reason": following.reason}
        line = history.Line(f"delivery.{following.state}", "sweeper", data)
        history.append(session, Subject.inquiry, lead.inquiry_id, line, at=at)
    return True


def _mark_attempt(session: Session, row: Delivery | Letter, result: Result) -> None:
    column = Attempt.delivery_id if isinstance(row, Delivery) else Attempt.letter_id
    statement = update(Attempt).where(column == row.id, Attempt.result.is_(None)).values(result=result)
    session.execute(statement.execution_options(synchronize_session=False))


def is_overdue(session: Session, age: timedelta) -> bool:
    """Whether a delivery or a letter has been due for longer than ``age``: a sign that no worker carries."""
    since = database_now(-age.total_seconds())
    late = (select(model.id).where(model.state == State.pending, model.due_at < since) for model in (Delivery, Letter))
    return any(session.scalar(query.limit(1)) is not None for query in late)
