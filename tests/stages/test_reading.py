"""On SQLite a request that only reads cannot write, whatever its connection did before; writers take turns."""

import threading
import time
from itertools import product

import pytest
from sqlalchemy import Engine, create_engine, delete, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.database import prepare_engine, reading
from leadgen.models import Draft

WRITE = delete(Draft)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_connection_reads_and_writes_in_turn(session: Session) -> None:
    connections = set()
    for _, only_reads in product(range(2), (False, False, True, True)):
        if only_reads:
            with reading(), pytest.raises(OperationalError, match="readonly"):
                session.execute(WRITE)
        else:
            session.execute(WRITE)
        session.rollback()
        connections.add(session.connection().connection.dbapi_connection)
        session.rollback()
    assert len(connections) == 1


def wait_for_a_writer(engine: Engine, seconds: float) -> float:
    """How long after a writer ended the next one began."""
    ended = []

    def write() -> None:
        with engine.begin() as connection:
            connection.execute(text("SELECT 1"))
            holding.set()
            time.sleep(seconds)
        ended.append(time.monotonic())

    holding = threading.Event()
    writer = threading.Thread(target=write)
    writer.start()
    holding.wait()
    with engine.begin():
        began = time.monotonic()
    writer.join()
    return began - ended[0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_next_writer_begins_as_soon_as_the_last_one_ends(database_url: str) -> None:
    """SQLite's own waiting would sleep for another 50 ms or more after a wait of so long."""
    engine = prepare_engine(create_engine(database_url))
    assert min(wait_for_a_writer(engine, 0.24) for _ in range(6)) < 0.04
    engine.dispose()
