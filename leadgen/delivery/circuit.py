"""The circuit of an endpoint: it opens after ten failures in a row, or where most tries of five minutes fail, so that a
dead receiver is not hammered. After a rest one delivery alone probes whether it is back."""

from datetime import datetime

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.models import Attempt, BatchRow, Delivery, Endpoint, Result, State

OPEN = "circuit_open"
FAILURES_TO_OPEN = 10
FIRST_REST_SECONDS = 60
LONGEST_REST_SECONDS = 1800
WINDOW_SECONDS = 300
TRIES_TO_JUDGE, SHARE_TO_OPEN = 10, 0.7

# the receiver said no to this lead, or yes: it is there
REACHED = (Result.accepted, Result.permanent_no)


def find_rest(failures: int) -> float:
    """Seconds of rest after so many failures in a row: none below ten, then doubling from one minute."""
    if failures < FAILURES_TO_OPEN:
        return 0
    return float(min(FIRST_REST_SECONDS * 2 ** min(failures - FAILURES_TO_OPEN, 10), LONGEST_REST_SECONDS))


def mostly_fails(tries: int, failures: int) -> bool:
    """Whether so many failures of so many tries within five minutes open the circuit."""
    return tries >= TRIES_TO_JUDGE and failures >= SHARE_TO_OPEN * tries


def note_failure(session: Session, endpoint_id: int) -> None:
    """Count a failure to reach the endpoint, and open the circuit when it is one too many."""
    raised = (
        update(Endpoint)
        .where(Endpoint.id == endpoint_id)
        .values(failures_in_a_row=Endpoint.failures_in_a_row + 1)
        .returning(Endpoint.failures_in_a_row)
        .execution_options(synchronize_session=False)
    )
    failures = session.scalars(raised).one()
    if failures < FAILURES_TO_OPEN and mostly_fails(*_count_tries(session, endpoint_id)):
        failures = FAILURES_TO_OPEN  # so that the next rest, after a probe that fails, is twice as long
        _set(session, endpoint_id, failures_in_a_row=failures)
    if rest := find_rest(failures):
        _set(session, endpoint_id, open_until=database_now(rest))


def take_probe(session: Session, endpoint_id: int, open_until: datetime, lease_seconds: float) -> bool:
    """Whether this delivery may probe. Of those that saw the rest end at ``open_until`` one may; the others wait for
    as long as it can take, and so does everybody where whoever probes dies."""
    probing = update(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.open_until == open_until)
    mine = probing.values(open_until=database_now(lease_seconds)).returning(Endpoint.id)
    return session.scalar(mine.execution_options(synchronize_session=False)) is not None


def note_success(session: Session, endpoint_id: int) -> None:
    """Close the circuit, forget the failures, and let whatever waited for it be looked at now. The caller looks first,
    so that a busy endpoint's row stays cool."""
    _set(session, endpoint_id, failures_in_a_row=0, open_until=None)
    waiting = (Delivery.endpoint_id == endpoint_id, Delivery.state == State.held, Delivery.reason == OPEN)
    due = update(Delivery).where(*waiting).values(due_at=database_now())
    session.execute(due.execution_options(synchronize_session=False))


def _count_tries(session: Session, endpoint_id: int) -> tuple[int, int]:
    """Tries of the last five minutes that have ended, and how many of them failed. A daily file is one."""
    since = database_now(-WINDOW_SECONDS)
    one = func.coalesce(-BatchRow.batch_id, Attempt.id)
    failed = case((Attempt.result.not_in(REACHED), one))
    query = (
        select(func.count(one.distinct()), func.count(failed.distinct()))
        .select_from(Delivery)
        .join(Attempt, Attempt.delivery_id == Delivery.id)
        .outerjoin(BatchRow, BatchRow.attempt_id == Attempt.id)
        .where(
            Delivery.endpoint_id == endpoint_id,
            or_(Delivery.ended_at.is_(None), Delivery.ended_at > since),
            Attempt.started_at > since,
            Attempt.result.is_not(None),
        )
    )
    tries, failures = session.execute(query).one()
    return int(tries), int(failures)


def _set(session: Session, endpoint_id: int, **values: object) -> None:
    statement = update(Endpoint).where(Endpoint.id == endpoint_id).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
