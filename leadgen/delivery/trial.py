"""Tests of an endpoint: an invented lead that is sent as a real one would be, and is no delivery."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.clock import database_now, now
from leadgen.marks import say
from leadgen.models import Endpoint, EndpointKind, EndpointTest, Result

# longer than any send takes: whoever carried it is gone by then
PATIENCE = timedelta(minutes=2)
LAPSED = "whoever sent it died before its outcome was written down"
KEY_BYTES = 8


class TrialError(Exception):
    """No test can be sent now. The message says why; ``under_way`` is the test that stands in the way, if one does."""

    def __init__(self, words: str, under_way: EndpointTest | None = None) -> None:
        super().__init__(words)
        self.under_way = under_way


def ask_test(session: Session, endpoint: Endpoint, actor: str, *, twice: bool = False) -> EndpointTest:
    """Write down that a test is wanted; a worker is nudged after the commit. ``twice``: to see whether the receiver
    drops the repeat. Raises TrialError."""
    if endpoint.kind is EndpointKind.portal:
        raise TrialError(say("There is nothing to test: leads wait in the portal."))
    if twice and endpoint.kind is EndpointKind.batch:
        raise TrialError(say("A daily file is tested once: each has another name, so a repeat would prove nothing."))
    if endpoint.kind is EndpointKind.batch and endpoint.posting is None:
        raise TrialError(say("Write its map first: it says what stands in the file, and when it goes."))
    if endpoint.retired_at is not None:
        raise TrialError(say("This endpoint is retired."))
    _end_lapsed(session, endpoint.id)
    key = f"test_{endpoint.id}_{secrets.token_hex(KEY_BYTES)}"
    test = EndpointTest(
        endpoint_id=endpoint.id, version=endpoint.version, key=key, asked_by=actor, asked_at=now(session), twice=twice
    )
    try:
        with session.begin_nested():
            session.add(test)
    except IntegrityError:
        under_way = session.scalars(_select_open(endpoint.id)).one_or_none()
        raise TrialError(say("A test of this endpoint is under way."), under_way) from None
    outbox.after_commit(session, outbox.Carried.test, test.id)
    return test


def list_tests(session: Session, endpoint_id: int, limit: int = 5) -> Sequence[EndpointTest]:
    """The last tests of an endpoint, newest first."""
    query = select(EndpointTest).where(EndpointTest.endpoint_id == endpoint_id).order_by(EndpointTest.asked_at.desc())
    return session.scalars(query.limit(limit)).all()


def find_waiting_tests(session: Session) -> list[int]:
    """Ids of tests that nobody began to send yet, for the sweeper."""
    since = now(session) - PATIENCE
    query = select(EndpointTest.id).where(
        EndpointTest.ended_at.is_(None), EndpointTest.started_at.is_(None), EndpointTest.asked_at > since
    )
    return list(session.scalars(query))


def has_passed(session: Session, endpoint: Endpoint) -> bool:
    """Whether a test of this version of the endpoint was accepted."""
    mine = (EndpointTest.endpoint_id == endpoint.id, EndpointTest.version == endpoint.version)
    passed = select(EndpointTest.id).where(*mine, EndpointTest.result == Result.accepted)
    return session.scalar(passed.limit(1)) is not None


def _end_lapsed(session: Session, endpoint_id: int) -> None:
    lapsed = update(EndpointTest).where(
        EndpointTest.endpoint_id == endpoint_id,
        EndpointTest.ended_at.is_(None),
        EndpointTest.asked_at < database_now(-PATIENCE.total_seconds()),
    )
    ended = lapsed.values(ended_at=database_now(), result=Result.unknown, reason=LAPSED)
    session.execute(ended.execution_options(synchronize_session=False))


def _select_open(endpoint_id: int) -> Select[EndpointTest]:
    return select(EndpointTest).where(EndpointTest.endpoint_id == endpoint_id, EndpointTest.ended_at.is_(None))
