"""Endpoints that the demo puts out of use, each at a school of its own, and how they come back.

The school's history says so with a last line of our own: whatever staff did since stands, and is left as it is.
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.endpoints import resume_endpoint
from leadgen.models import Endpoint, Subject, Takes

ACTOR = "demo"
AWAY = "endpoint.demo"
# of the sample directory, far from its largest cities
PAUSED, BROKEN, RESTING = "segolily-career-college", "beargrass-lantern-college", "meadowlark-fen-technical-college"
# one place a month
CAPPED = "redbud-crossing-career-college"
# takes no notices from us
UNTOLD = "pasqueflower-plains-school"
KEPT = (PAUSED, BROKEN, RESTING, CAPPED, UNTOLD)
LONG_REST = timedelta(hours=12)


def find_endpoint(session: Session, school_id: str) -> Endpoint:
    """The endpoint that takes the school's leads."""
    mine = (Endpoint.school_id == school_id, Endpoint.takes != Takes.notices, Endpoint.retired_at.is_(None))
    return session.scalars(select(Endpoint).where(*mine).order_by(Endpoint.position).limit(1)).one()


def rest_long(session: Session, school_id: str) -> None:
    """Let an endpoint rest until somebody has seen it; by itself a circuit closes again within half an hour."""
    find_endpoint(session, school_id).open_until = now(session) + LONG_REST
    session.flush()


def read_failures(session: Session) -> dict[int, int]:
    """How often each endpoint has failed in a row, but for those that the demo keeps for itself."""
    query = select(Endpoint.id, Endpoint.failures_in_a_row).where(Endpoint.school_id.not_in(KEPT))
    return dict(session.execute(query).all())


def forget_failures(session: Session, before: dict[int, int]) -> None:
    """Count no invented failure against an endpoint that goes on receiving."""
    for endpoint_id, count in read_failures(session).items():
        if count != before.get(endpoint_id, count):
            session.get_one(Endpoint, endpoint_id).failures_in_a_row = before[endpoint_id]
    session.flush()


def note_away(session: Session, school_id: str) -> None:
    """Say in the school's history that this is the demo's doing."""
    line = history.Line(AWAY, ACTOR, {"endpoint": find_endpoint(session, school_id).id})
    history.append(session, Subject.school, school_id, line)


def bring_back(session: Session) -> int:
    """Put the demo's endpoints back into use where nobody else has touched them since; gives how many."""
    count = 0
    for endpoint in _find_away(session):
        resume_endpoint(session, endpoint, ACTOR)
        count += 1
    return count


def _find_away(session: Session) -> Iterator[Endpoint]:
    for school_id in KEPT:
        lines = history.read_history(session, Subject.school, school_id)
        last = next((line for line in reversed(lines) if line.kind.startswith("endpoint.")), None)
        if last is not None and last.kind == AWAY:
            yield session.get_one(Endpoint, last.data["endpoint"])
