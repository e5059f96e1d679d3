"""One installation per database for the fault tests: SQLite with Valkey, PostgreSQL with Redis."""

import re
import shutil
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from tests.conftest import DATABASES, REQUIRE_ALL, create_postgresql_database
from tests.faults.ledger import SEED, count_since, draw_table, mark
from tests.faults.people import NAME
from tests.fleet import QUICK, Fleet

# their names, addresses and telephone numbers, however they are written
# long enough that no ciphertext holds them by chance
CANARIES = re.compile(rb"quuxworthy|zephyrine|312[-. )]{0,2}555[-. ]?\d{4}", re.IGNORECASE)
THEIRS = "sandbox.sqlite3"
METRICS_TOKEN = "a token of these tests"
STANDING = ("broker", "sandbox", "web", "sweeper")


@pytest.fixture(scope="module", params=DATABASES)
def fleet(request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """Broker, sandbox, web and sweeper run; each test starts the workers it wants to lose. A file of tests that needs
    other schools names their table in ``DIRECTORY``."""
    folder = Path(tempfile.mkdtemp(prefix="lg-", dir="/tmp"))  # short: it holds a socket
    server = ""
    if request.param == "postgresql":
        url, server = create_postgresql_database(request), find_redis()
    else:
        url = f"sqlite:///{folder / 'leadgen.sqlite3'}"
    made = Fleet(folder, url, QUICK | {"metrics_token": METRICS_TOKEN}, broker_program=server)
    try:
        made.prepare(Path(__file__).with_name(getattr(request.module, "DIRECTORY", "schools.csv")))
        made.start(*STANDING)
        yield made
        assert find_canaries(made) == [], "personal data in the clear"
    finally:
        made.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def whole(fleet: Fleet, request: pytest.FixtureRequest, record_property: Any) -> Iterator[None]:
    """All stands before. After every fault no invariant is broken, nothing is lost, nothing was sent twice."""
    fleet.start(*(name for name in STANDING if name not in fleet.processes))
    begin, started = mark(fleet), time.monotonic()
    yield
    for name in [name for name in fleet.processes if name.startswith("worker")]:
        fleet.kill(name)
    database = make_url(fleet.database_url).get_backend_name()
    tally = count_since(fleet, begin, name_case(request), database, time.monotonic() - started)
    record_property("fault", tally.spell())
    assert fleet.check() == []
    assert (tally.lost, tally.twice) == (0, 0), tally
    assert NAME.split()[1] not in fleet.all_logs(), "a name stands in a log"


@pytest.fixture
def healthy(fleet: Fleet) -> Iterator[None]:
    """Every endpoint as new, and every school well-behaved afterwards."""
    yield
    fleet.behave("*")
    for school in ("birch", "cedar", "dogwood", "alder"):
        fleet.behave(f"{school}.example")
    fleet.execute(lambda writer: writer.execute(text(MEND)))


MEND = "UPDATE endpoint SET state = 'live', broken_reason = NULL, failures_in_a_row = 0, open_until = NULL"


def name_case(request: pytest.FixtureRequest) -> str:
    """The test's name as words, with its parameters but for the database."""
    name, _, parameters = request.node.name.removeprefix("test_").partition("[")
    own = [each for each in parameters.rstrip("]").split("-") if each not in ("sqlite", "postgresql", "")]
    return name.replace("_", " ") + (f" ({', '.join(own)})" if own else "")


def find_canaries(fleet: Fleet) -> list[tuple[str, bytes]]:
    """Where names, addresses or telephone numbers stand in the clear, but for what the schools received."""
    things = {path.name: path.read_bytes() for path in fleet.folder.iterdir() if path.is_file()}
    things |= {f"broker {key!r}": key + (fleet.broker().dump(key) or b"") for key in fleet.broker().keys("*")}
    if "postgresql" in fleet.database_url:
        things |= read_postgresql(fleet)
    if "web" in fleet.processes:
        things["/metrics"] = read_metrics(fleet)
    ours = {name: held for name, held in things.items() if not name.startswith(THEIRS)}
    return [(name, found[0]) for name, held in ours.items() if (found := CANARIES.search(held))]


def read_metrics(fleet: Fleet) -> bytes:
    """The page for machines."""
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(f"{fleet.site}/metrics", headers=headers), timeout=10) as page:
        figures: bytes = page.read()
    assert b"leadgen_" in figures
    return figures


def read_postgresql(fleet: Fleet) -> dict[str, bytes]:
    """The files of this database, as they lie on the disk, and the log of writes."""
    fleet.execute(lambda writer: writer.execute(text("SELECT pg_switch_wal()")))
    ((number, folder),) = fleet.query(
        "SELECT oid, current_setting('data_directory') FROM pg_database WHERE datname = current_database()"
    )
    places = (Path(folder) / "base" / str(number), Path(folder) / "pg_wal")
    return {str(path): path.read_bytes() for place in places for path in place.iterdir() if path.is_file()}


def find_redis() -> str:
    """Debian's Redis server; Valkey stands in for it on a machine without, unless everything is required."""
    found = shutil.which("redis-server")
    if found is None and REQUIRE_ALL:
        raise RuntimeError("redis-server is not installed, and nothing may be skipped")
    return found or ""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table of all faults, where this folder's tests ran on their own."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    tallies = [dict(getattr(report, "user_properties", ())).get("fault") for report in reports]
    if rows := [tally for tally in tallies if tally]:
        terminalreporter.section(f"faults (seed {SEED})")
        for line in draw_table(rows):
            terminalreporter.write_line(line)
