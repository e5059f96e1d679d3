"""One installation per database for the fault tests: SQLite with Valkey, PostgreSQL with Redis."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DATABASES, REQUIRE_ALL, create_postgresql_database
from tests.fleet import QUICK, Fleet


@pytest.fixture(scope="module", params=DATABASES)
def fleet(request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """Broker, sandbox, web and sweeper run; each test starts the workers it wants to lose."""
    folder = Path(tempfile.mkdtemp(prefix="lg-", dir="/tmp"))  # short: it holds a socket
    server = ""
    if request.param == "postgresql":
        url, server = create_postgresql_database(request), find_redis()
    else:
        url = f"sqlite:///{folder / 'leadgen.sqlite3'}"
    made = Fleet(folder, url, QUICK, broker_program=server)
    try:
        made.prepare(Path(__file__).with_name("schools.csv"))
        made.start("broker", "sandbox", "web", "sweeper")
        yield made
    finally:
        made.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def whole(fleet: Fleet) -> Iterator[None]:
    """After every fault: all processes back, quiet, and no invariant broken."""
    yield
    for name in [name for name in fleet.processes if name.startswith("worker")]:
        fleet.kill(name)
    assert fleet.check() == []
    assert "Quux" not in fleet.all_logs(), "a name stands in a log"


def find_redis() -> str:
    """Debian's Redis server; Valkey stands in for it on a machine without, unless everything is required."""
    found = shutil.which("redis-server")
    if found is None and REQUIRE_ALL:
        raise RuntimeError("redis-server is not installed, and nothing may be skipped")
    return found or ""
