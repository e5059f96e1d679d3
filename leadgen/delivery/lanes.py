"""At most so many deliveries of one school are under way at once, so that one whose server hangs leaves workers for the
others.

Each delivery under way has a lane of its school, numbered from 1. A unique index lets nobody else have it: of two that
saw the same one free, the second is refused by the database and looks again. What finds no lane waits, and is woken
when one of its school ends; where that was lost, it looks again by itself.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, Integer, ScalarSelect, bindparam, func, literal, select, text, update
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.clock import database_now
from leadgen.database import table_of
from leadgen.models import Delivery, State

MOST_IN_FLIGHT = 4
IN_FLIGHT = "in_flight"  # why it waits
LOOK_AGAIN = timedelta(seconds=5)

_delivery = table_of(Delivery)
_other = _delivery.alias()


def choose_most(threads: int) -> int:
    """How many of one school a worker with so many threads lets be under way: four, and never more than half of it."""
    return min(MOST_IN_FLIGHT, max(1, threads // 2))


def add_lanes_taken(school_id: ColumnElement[str]) -> ScalarSelect[int]:
    """The lanes of a school that are taken, as the bits of one number."""
    under_way = (_other.c.school_id == school_id, _other.c.state.in_((State.claimed, State.sending)))
    bits = func.sum(literal(1, Integer).bitwise_lshift(_other.c.lane))
    return select(func.coalesce(bits, 0)).where(*under_way).scalar_subquery()


def choose_lane(taken: int, most: int, delivery_id: int) -> int | None:
    """A free lane, another one for each of those that look at the same moment. None where all are taken."""
    if taken.bit_count() >= most:
        return None
    free = [lane for lane in range(1, most + 1) if not taken >> lane & 1]
    return free[delivery_id % len(free)]


def wake_next(session: Session, school_id: str) -> None:
    """Let the one that waits longest for a lane of this school look now, after this transaction."""
    woken = session.scalar(_WAKE, {"of_school": school_id})
    if woken is not None:
        outbox.after_commit(session, outbox.Carried.delivery, woken)


# as the partial index that finds it says it
_WAITS = text("state = 'pending' AND reason = 'in_flight'")
_NEXT = (
    select(_delivery.c.id)
    .where(_delivery.c.school_id == bindparam("of_school"), _WAITS, _delivery.c.due_at > database_now())
    .order_by(_delivery.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_WAKE = (
    update(_delivery)
    .where(_delivery.c.id == _NEXT.scalar_subquery(), _delivery.c.state == State.pending)
    .values(due_at=database_now())
    .returning(_delivery.c.id)
)
