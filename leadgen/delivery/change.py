"""The one place where a delivery's or a letter's state changes outside a claim: by compare-and-set."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.delivery import slots
from leadgen.models import FINAL_STATES, About, Delivery, Letter, State


def change_state(
    session: Session,
    row: Delivery | Letter,
    state: State,
    reason: str | None,
    *,
    due_at: datetime | None = None,
    expected: Sequence[State] | None = None,
    fresh_tries: bool = False,
) -> bool:
    """Move ``row`` to ``state`` if its state (or one of ``expected``) and its fence are still what was read.

    Gives False, and changes nothing, where somebody else was first. Places under caps that are no
    longer used are given back. ``fresh_tries`` starts the retry schedule anew."""
    model = type(row)
    statement = (
        update(model)
        .where(model.id == row.id, model.fence == row.fence, model.state.in_(expected or (row.state,)))
        .values(
            state=state,
            reason=reason,
            lease_until=None,
            due_at=due_at or row.due_at,
            ended_at=database_now() if state in FINAL_STATES else None,
            tries=0 if fresh_tries else model.tries,
        )
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    changed = session.scalar(statement) is not None
    if changed:
        session.refresh(row)
        if isinstance(row, Delivery) and row.about is About.lead:
            slots.give_back_slot(session, row.lead_id)
    return changed
