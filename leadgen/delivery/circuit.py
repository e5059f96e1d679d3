"""The circuit of an endpoint: after ten failures in a row it rests, so that a dead receiver is not hammered."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.models import Endpoint

OPEN = "circuit_open"
FAILURES_TO_OPEN = 10
FIRST_REST_SECONDS = 60
LONGEST_REST_SECONDS = 1800


def find_rest(failures: int) -> float:
    """Seconds of rest after so many failures in a row: none below ten, then doubling from one minute."""
    if failures < FAILURES_TO_OPEN:
        return 0
    return float(min(FIRST_REST_SECONDS * 2 ** min(failures - FAILURES_TO_OPEN, 10), LONGEST_REST_SECONDS))


def note_failure(session: Session, endpoint_id: int) -> None:
    """Count a failure to reach the endpoint, and open the circuit when it is one too many."""
    raised = (
        update(Endpoint)
        .where(Endpoint.id == endpoint_id)
        .values(failures_in_a_row=Endpoint.failures_in_a_row + 1)
        .returning(Endpoint.failures_in_a_row)
        .execution_options(synchronize_session=False)
    )
    rest = find_rest(session.scalars(raised).one())
    if rest:
        _set(session, endpoint_id, open_until=database_now(rest))


def note_success(session: Session, endpoint_id: int) -> None:
    """Close the circuit and forget the failures. The caller looks first, so that a busy endpoint's row stays cool."""
    _set(session, endpoint_id, failures_in_a_row=0, open_until=None)


def _set(session: Session, endpoint_id: int, **values: object) -> None:
    statement = update(Endpoint).where(Endpoint.id == endpoint_id).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
