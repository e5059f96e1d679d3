"""The rows of the day's file: each passes the same rules as a delivery that goes alone, then all are claimed at once.

A row waits, held, until its turn comes; whoever finds it due then takes all that are due for the same endpoint. One
conditional update claims them: what another worker, a withdrawal or the sweeper moved meanwhile is not among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import table_of
from leadgen.delivery import slots
from leadgen.delivery.batch.turn import find_next_turn, read_clock
from leadgen.delivery.feed.offer import offer
from leadgen.delivery.obstacles import (
    Case,
    Obstacle,
    find_case,
    find_obstacle,
    may_be_fetched,
    note_obstacle,
    note_room,
    say_full,
)
from leadgen.delivery.posting.model import Posting, Sheet
from leadgen.models import About, Batch, BatchRow, Delivery, Endpoint, School, State

WAITS, NO_MAP = "daily_file", "daily_file_without_map"
LEASE_SECONDS = 120.0
MOST_ROWS = 2_000
WAITING = (State.pending, State.held)
# what was held for these has had its turn; what was held for anything else goes with the next file
HAD_ITS_TURN = frozenset({WAITS, "circuit_open", "endpoint_broken", "endpoint_testing"})
LOOK_AGAIN_SECONDS = 60.0

_delivery = table_of(Delivery).c


@dataclass(frozen=True)
class BatchClaim:
    """The right to send a batch, until the lease ends. ``fences`` are those of its rows, by delivery."""

    batch_id: int
    lease_seconds: float
    fences: Mapping[int, int]


def claim_batch(session: Session, case: Case, lease_seconds: float) -> BatchClaim | None:
    """Claim all that is due with this delivery, or write down why it waits. The caller commits."""
    endpoint = session.get_one(Endpoint, case.endpoint_id, with_for_update={"key_share": True}, populate_existing=True)
    sheet = _read_sheet(endpoint)
    if (obstacle := find_obstacle(session, case) or _find_turn(session, case, sheet)) is not None:
        _wait(session, case, obstacle, sheet)
        return None
    if _is_under_way(session, endpoint.id):
        note_obstacle(session, case, Obstacle(State.held, WAITS, _later(case.read_at)))
        return None
    return _claim(session, endpoint, case, lease_seconds or LEASE_SECONDS)


def _read_sheet(endpoint: Endpoint) -> Sheet | None:
    return None if endpoint.posting is None else Posting.model_validate(endpoint.posting).batch


def _find_turn(session: Session, case: Case, sheet: Sheet | None) -> Obstacle | None:
    """Each goes with the first file after it was made. A try that failed goes again as soon as it is due."""
    clock = read_clock(sheet.at) if sheet else None
    if clock is None:
        return Obstacle(State.held, NO_MAP, _later(case.read_at))
    waited_elsewhere = case.state is State.held and (case.reason or "") not in HAD_ITS_TURN
    made_at = session.execute(select(_delivery.created_at).where(_delivery.id == case.delivery_id)).scalar_one()
    turn = find_next_turn(clock, case.timezone, case.read_at if waited_elsewhere else made_at)
    return Obstacle(State.held, WAITS, turn) if turn > case.read_at else None


def _later(at: datetime) -> datetime:
    return at.fromtimestamp(at.timestamp() + LOOK_AGAIN_SECONDS, at.tzinfo)


def _is_under_way(session: Session, endpoint_id: int) -> bool:
    busy = select(Batch.id).where(Batch.endpoint_id == endpoint_id, Batch.state.in_((State.claimed, State.sending)))
    return session.scalar(busy.limit(1)) is not None


def _claim(session: Session, endpoint: Endpoint, first: Case, lease_seconds: float) -> BatchClaim | None:
    cases = _gather(session, endpoint, first)
    fences = _take(session, list(cases), lease_seconds)
    for delivery_id in sorted(fences):
        if (full := _reserve(session, cases[delivery_id])) is None:
            note_room(session, cases[delivery_id])
        else:
            _give_back(session, replace(cases[delivery_id], fence=fences.pop(delivery_id)), full)
    if not fences:
        return None
    batch = _add_batch(session, endpoint, first, lease_seconds)
    rows = [{"batch_id": batch.id, "delivery_id": number, "fence": fence} for number, fence in sorted(fences.items())]
    session.execute(insert(BatchRow), rows)
    return BatchClaim(batch.id, lease_seconds, fences)


def _gather(session: Session, endpoint: Endpoint, first: Case) -> dict[int, Case]:
    """What is due there and may leave; of the others it is written down why they do not."""
    query = select(_delivery.id).where(_delivery.endpoint_id == endpoint.id, *_are_due())
    found = list(session.scalars(query.order_by(_delivery.id).limit(MOST_ROWS)))
    sheet, cases = _read_sheet(endpoint), {first.delivery_id: first}
    for delivery_id in found:
        if delivery_id == first.delivery_id or (case := find_case(session, delivery_id)) is None:
            continue
        obstacle = find_obstacle(session, case) or _find_turn(session, case, sheet)
        if obstacle is None:
            cases[delivery_id] = case
        else:
            _wait(session, case, obstacle, sheet)
    return cases


def _wait(session: Session, case: Case, obstacle: Obstacle, sheet: Sheet | None) -> None:
    """Write down why it waits. What would have gone by now, and is kept back by its endpoint alone, can be fetched."""
    note_obstacle(session, case, obstacle)
    if may_be_fetched(case, obstacle) and _find_turn(session, case, sheet) is None:
        offer(session, case.delivery_id)


def _take(session: Session, wanted: Sequence[int], lease_seconds: float) -> dict[int, int]:
    """Claim all of them that are still as they were; gives the fence of each."""
    values = {
        "state": State.claimed,
        "reason": None,
        "fence": _delivery.fence + 1,
        "lease_until": database_now(lease_seconds),
    }
    taken = (
        update(table_of(Delivery))
        .where(_delivery.id.in_(wanted), *_are_due())
        .values(values)
        .returning(_delivery.id, _delivery.fence)
    )
    return {row.id: row.fence for row in session.execute(taken)}


def _are_due() -> tuple[ColumnElement[bool], ...]:
    """Due, or to be tried again: the tries of one file spread, and go in one file again."""
    again = and_(_delivery.state == State.pending, _delivery.tries > 0)
    return _delivery.state.in_(WAITING), or_(_delivery.due_at <= database_now(), again)


def _reserve(session: Session, case: Case) -> Obstacle | None:
    """A place under the school's caps, where it has some."""
    if case.about is not About.lead or not case.is_capped:
        return None
    lead, school = slots.lock_lead(session, case.lead_id), session.get_one(School, case.school_id)
    until = slots.reserve_slot(session, lead, school, case.read_at)
    return say_full(case, until) if until else None


def _give_back(session: Session, case: Case, full: Obstacle) -> None:
    """Nobody saw this claim: a delivery that was never in a worker's hands can be taken back."""
    note_obstacle(session, replace(case, state=State.claimed, reason=None), full)
    unclaimed = update(Delivery).where(Delivery.id == case.delivery_id).values(fence=case.fence - 1)
    session.execute(unclaimed, execution_options={"synchronize_session": "fetch"})


def name_key(batch_id: int | str) -> str:
    """The key that a file carries, as each delivery has one."""
    return f"batch_{batch_id}"


def _add_batch(session: Session, endpoint: Endpoint, case: Case, lease_seconds: float) -> Batch:
    batch = Batch(
        endpoint_id=endpoint.id,
        version=endpoint.version,
        name=f"claimed-{endpoint.id}-{case.read_at.timestamp()}",
        made_at=case.read_at,
        look_at=case.read_at.fromtimestamp(case.read_at.timestamp() + lease_seconds, case.read_at.tzinfo),
    )
    session.add(batch)
    session.flush()
    batch.name = f"leads-{case.read_at:%Y%m%d}-{batch.id}"
    session.flush()
    return batch
