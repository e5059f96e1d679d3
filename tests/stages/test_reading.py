"""On SQLite a request that only reads cannot write, whatever its connection did before."""

from itertools import product

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.database import reading
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
