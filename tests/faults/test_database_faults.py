"""The database restarts, cuts a line in the middle of a COMMIT, or has no disk left. She is told the truth, what she
typed is kept, and nothing is lost or sent twice."""

import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import TEST_ALL
from tests.faults.cutting_proxy import Cut, proxying
from tests.faults.ledger import SEED
from tests.faults.people import inquire, insist, make_prospect, outcomes, thank
from tests.fleet import Fleet
from tests.http_prospect import find_field

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("healthy")]
PEOPLE = 12
# less than any transaction writes, and enough for a line in the log
ROOM_BYTES = 8_192
REFUSE = """
CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON draft FOR EACH ROW EXECUTE FUNCTION refuse_row();
CREATE TRIGGER refuse BEFORE INSERT ON inquiry FOR EACH ROW EXECUTE FUNCTION refuse_row();
"""

ON_POSTGRESQL = pytest.mark.parametrize("fleet", ["postgresql"] if TEST_ALL else [], indirect=True)


@contextmanager
def on_line(fleet: Fleet, name: str, database_url: str) -> Iterator[None]:
    """One process reaches the database by another way."""
    if name in fleet.processes:
        fleet.kill(name)
    fleet.start(name, database_url=database_url)
    yield
    fleet.kill(name)
    if not name.startswith("worker"):
        fleet.start(name)


@ON_POSTGRESQL
@pytest.mark.parametrize("cut", list(Cut))
def test_line_cut_while_her_inquiry_is_committed(fleet: Fleet, cut: Cut) -> None:
    fleet.start("worker")
    with proxying(fleet.database_url) as proxy, on_line(fleet, "web", proxy.database_url):
        prospect = make_prospect(fleet)
        token = prospect.reach_check("60601", ["birch", "alder"])
        proxy.cut_next(cut)
        first = prospect.send(token)
        if cut is Cut.unheard and first.status == 303:
            pytest.fail("she was thanked for what was never stored")
        second = prospect.send(token)
        assert proxy.cuts == 1
    if cut is Cut.unanswered:
        assert first.location == second.location, "it was stored, so she is told so at once"
    else:
        assert (first.status, prospect.name in first.page) == (503, False)
        assert "csrf_token" in first.page, "the page offers to send the same again"
    thank(fleet, second.location)
    fleet.wait_quiet()
    assert outcomes(fleet, [second.location]) == [("delivered", 1)] * 2


@ON_POSTGRESQL
@pytest.mark.timeout(240)
def test_lines_cut_at_the_commits_of_a_worker(fleet: Fleet) -> None:
    with proxying(fleet.database_url) as proxy, on_line(fleet, "worker", proxy.database_url):
        proxy.cut_often(SEED, 0.2)
        confirmations = [inquire(fleet, "birch", "dogwood", "alder") for _ in range(PEOPLE)]
        fleet.wait_quiet(120)
        assert proxy.cuts > 0
    assert {state for state, _ in outcomes(fleet, confirmations)} <= {"delivered", "uncertain"}


@ON_POSTGRESQL
@pytest.mark.timeout(240)
def test_database_restarted_during_posts_and_sends(fleet: Fleet) -> None:
    """The server's answer to a process of its own that died: it ends every connection and recovers from its log."""
    fleet.behave("*", delay_seconds=0.2)
    fleet.start("worker", "worker2")
    done = threading.Event()

    def restart() -> None:
        while not done.is_set():
            kill_backend(fleet)
            time.sleep(4)

    restarting = threading.Thread(target=restart)
    restarting.start()
    with ThreadPoolExecutor(4) as crowd:
        people = [make_prospect(fleet) for _ in range(PEOPLE)]
        confirmations = list(crowd.map(lambda person: insist(person, "birch", "dogwood", "alder"), people))
    done.set()
    restarting.join()
    for confirmation in confirmations:
        thank(fleet, confirmation)
    fleet.wait_quiet(120)
    assert {state for state, _ in outcomes(fleet, confirmations)} <= {"delivered", "uncertain"}


def kill_backend(fleet: Fleet) -> None:
    """SIGKILL to one of the server's processes that serve us."""
    ask = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        pids = [pid for (pid,) in fleet.query(ask)]
    except Exception:
        return
    for pid in pids[:1]:
        os.kill(pid, signal.SIGKILL)


def test_no_disk_left_keeps_what_she_typed(fleet: Fleet) -> None:
    fleet.start("worker")
    prospect, other = make_prospect(fleet), make_prospect(fleet)
    token = prospect.reach_check("60601", ["birch"])
    other.reach_check("60601", ["birch"])
    details = find_field(other.get("/inquiry/details").page, "csrf_token")
    with full_disk(fleet):
        refused = prospect.send(token)
        typed = [("name", other.name), ("email", other.email), ("phone", other.phone), ("channels-birch", "email")]
        kept = other.post("/inquiry/details", [("csrf_token", details), *typed])
    assert refused.status == 503, refused.page[:500]
    assert (kept.status, other.name in kept.page, other.email in kept.page) == (503, True, True)
    answered = prospect.send(token)
    assert answered.location.startswith("/inquiry/sent/"), "the same page sends it as soon as there is room"
    confirmation = thank(fleet, answered.location)
    fleet.wait_quiet()
    assert outcomes(fleet, [confirmation]) == [("delivered", 1)]


@contextmanager
def full_disk(fleet: Fleet) -> Iterator[None]:
    """No file of the site's processes can grow (SQLite), or the server says that it has no room (PostgreSQL)."""
    if "postgresql" in fleet.database_url:
        with refusing_rows(fleet):
            yield
        return
    pid = fleet.processes["web"].pid
    workers = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    room = ROOM_BYTES + max(path.stat().st_size for path in fleet.folder.glob("*.log"))
    usual = [resource.prlimit(each, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)) for each in workers]
    try:
        yield
    finally:
        for each, limits in zip(workers, usual, strict=True):
            resource.prlimit(each, resource.RLIMIT_FSIZE, limits)


@contextmanager
def refusing_rows(fleet: Fleet) -> Iterator[None]:
    """SQLSTATE 53100, disk_full, for whatever is written of drafts and inquiries."""
    fleet.execute(lambda writer: writer.execute(text(REFUSE)))
    try:
        yield
    finally:
        fleet.execute(lambda writer: writer.execute(text("DROP FUNCTION refuse_row CASCADE")))
