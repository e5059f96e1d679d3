"""The one place where a delivery's or a letter's state changes outside a claim: by compare-and-set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, null, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import table_of
from leadgen.delivery import slots
from leadgen.models import FINAL_STATES, About, Delivery, Letter, State

Row = type[Delivery] | type[Letter]


@dataclass(frozen=True)
class Move:
    """A change of state. ``due_at``: as it was, where not given. ``fresh_tries`` starts the retry schedule anew."""

    state: State
    reason: str | None
    due_at: datetime | None = None
    fresh_tries: bool = False


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
    move = Move(state, reason, due_at, fresh_tries)
    changed = move_row(session, type(row), row.id, row.fence, expected or (row.state,), move)
    if changed:
        session.refresh(row)
        if isinstance(row, Delivery) and row.about is About.lead:
            slots.give_back_slot(session, row.lead_id, state)
    return changed


def move_row(session: Session, model: Row, row_id: int, fence: int, expected: Sequence[State], move: Move) -> bool:
    """The compare-and-set alone: False where the fence has moved on, or the state is none of ``expected``."""
    values: dict[str, Any] = {"state": move.state, "reason": move.reason, "lease_until": None}
    if move.due_at is not None:
        values["due_at"] = move.due_at
    if move.fresh_tries:
        values["tries"] = 0
    seen = {"row_id": row_id, "seen_fence": fence, "expected": expected}
    return session.scalar(_MOVE[model, move.state in FINAL_STATES], values | seen) is not None


def _build_move(model: Row, is_final: bool) -> Update:
    """What else is set comes with the values at each call."""
    table = table_of(model)
    expected = bindparam("expected", expanding=True, type_=table.c.state.type)
    seen = (table.c.id == bindparam("row_id"), table.c.fence == bindparam("seen_fence"), table.c.state.in_(expected))
    ended_at = database_now() if is_final else null()
    return update(table).where(*seen).values(ended_at=ended_at).returning(table.c.id)


_MOVE = {(model, is_final): _build_move(model, is_final) for model in (Delivery, Letter) for is_final in (True, False)}
