"""Nudges leave when the rows are really there, and only then."""

from random import randrange

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import reading
from leadgen.extensions import celery, db
from leadgen.models import Heartbeat
from leadgen.outbox import ROWS_IN_A_MESSAGE, Carried, after_commit

PATIENCE_SECONDS = 5.0


@pytest.fixture(autouse=True)
def _nothing_of_others(session: Session) -> None:
    """The broker is one for the process: take out what tests before this one put in."""
    read_messages()


def nudge(session: Session, row_id: int) -> None:
    """A row and its nudge, as a stage makes them."""
    session.add(Heartbeat(name=f"beat-{row_id}", beat_at=now(session)))
    session.flush()
    after_commit(session, Carried.delivery, row_id)


def read_nudges() -> list[int]:
    """The rows that this process nudged until now, in order."""
    return [row_id for row_ids in read_messages() for row_id in row_ids]


def read_messages() -> list[list[int]]:
    """What the broker got from this process until now, in order. Marks the end with a nudge of its own."""
    end = randrange(10**6, 10**9)
    with reading(), db.sessionmaker() as own:
        after_commit(own, Carried.letter, end)
        own.connection()
        own.commit()
    seen = []
    with celery.connection_for_read() as broker, broker.SimpleQueue("celery") as queue:
        while True:
            message = queue.get(timeout=PATIENCE_SECONDS)
            message.ack()
            rows = message.payload[0]
            if rows == [[Carried.letter, end]]:
                return seen
            seen.append([row_id for kind, row_id in rows if kind == Carried.delivery])


def test_a_commit_sends_its_nudges(session: Session) -> None:
    nudge(session, 1)
    assert read_nudges() == []
    session.commit()
    assert read_nudges() == [1]


def test_a_rollback_sends_none(session: Session) -> None:
    nudge(session, 1)
    session.rollback()
    session.commit()
    assert read_nudges() == []


def test_a_commit_that_fails_sends_none(session: Session) -> None:
    def fail(_connection: Connection) -> None:
        raise OSError("the line is cut")

    nudge(session, 1)
    event.listen(db.engine, "commit", fail)
    with pytest.raises(OSError, match="cut"):
        session.commit()
    event.remove(db.engine, "commit", fail)
    session.rollback()
    assert read_nudges() == []


def test_a_session_that_is_closed_without_a_commit_sends_none(session: Session) -> None:
    nudge(session, 1)
    session.close()
    nudge(session, 2)
    session.commit()
    assert read_nudges() == [2]


def test_a_released_savepoint_waits_for_the_commit_around_it(session: Session) -> None:
    nudge(session, 1)
    with session.begin_nested():
        nudge(session, 2)
    assert read_nudges() == []
    session.commit()
    assert read_nudges() == [1, 2]


def test_a_savepoint_that_is_undone_takes_only_its_own_nudges(session: Session) -> None:
    nudge(session, 1)
    savepoint = session.begin_nested()
    nudge(session, 2)
    savepoint.rollback()
    nudge(session, 3)
    session.commit()
    assert read_nudges() == [1, 3]


def test_a_rollback_of_everything_takes_the_nudges_of_a_savepoint_too(session: Session) -> None:
    nudge(session, 1)
    session.begin_nested()
    nudge(session, 2)
    session.rollback()
    nudge(session, 3)
    session.commit()
    assert read_nudges() == [3]


def test_the_nudges_of_one_commit_share_messages_a_few_in_each(session: Session) -> None:
    ids = list(range(1, ROWS_IN_A_MESSAGE + 2))
    for row_id in ids:
        nudge(session, row_id)
    session.commit()
    assert read_messages() == [ids[:-1], ids[-1:]]
