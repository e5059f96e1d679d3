"""A worker dies with a daily file in its hands: each row is in one file, once, or waits for a person who asks."""

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.broker_nudges import nudge
from tests.faults.daily_files import SCHOOL, make_daily
from tests.faults.ledger import LONG, SEED, run_on
from tests.faults.own_data import withdraw
from tests.faults.people import inquire, make_prospect, thank
from tests.fleet import Fleet
from tests.sftp_school import SftpSchool, running_sftp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), run_on("sqlite")]

PEOPLE = 3
LEASE = "8"  # half of it is what a file may take
MAIL = "intake@dogwood.example"
# by which way, where the worker dies, what becomes of the rows, and how many files the school has
KILLS = [
    ("sftp", "batch_answered", "delivered", 1),
    ("sftp", "claimed", "delivered", 1),
    ("sftp", "batch_sending", "uncertain", 0),
    ("sftp", "batch_ended", "delivered", 1),
    ("mail", "batch_sending", "uncertain", 0),
    ("mail", "batch_answered", "uncertain", 1),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpSchool]:
    with running_sftp(tmp_path) as running:
        yield running


@pytest.mark.parametrize(("by", "point", "end", "files"), KILLS if LONG else KILLS[:1])
def test_worker_killed_with_a_file(fleet: Fleet, server: SftpSchool, by: str, point: str, end: str, files: int) -> None:
    school = make_daily(fleet, server, MAIL if by == "mail" else "")
    fleet.start("worker", crash_at=point, lease_seconds=LEASE)
    for _ in range(PEOPLE):
        inquire(fleet, SCHOOL)
    mails = count_mails(fleet)
    school.let_the_day_pass()
    fleet.wait_dead("worker", 120)
    fleet.start("worker", lease_seconds=LEASE)
    school.wait_settled(end)
    fleet.filed += school.filed()
    if by == "sftp":
        assert school.filed() == sorted(lead for _, lead in school.rows()) * files, "each stands in one file, once"
    else:
        assert count_mails(fleet) - mails == files, "nobody can look for a mail, so a person asks"


def test_nudges_in_any_order_make_one_file(fleet: Fleet, server: SftpSchool) -> None:
    school = make_daily(fleet, server)
    fleet.start("worker", "worker2", "sweeper2", "sweeper3", lease_seconds="60")
    try:
        for _ in range(PEOPLE):
            inquire(fleet, SCHOOL)
        school.let_the_day_pass()
        rows = [row for (row,) in fleet.query("SELECT id FROM delivery WHERE id > :after", after=school.after)] * 5
        random.Random(SEED).shuffle(rows)
        nudge(fleet, *rows)
        school.wait_settled("delivered")
    finally:
        fleet.kill("sweeper2")
        fleet.kill("sweeper3")
    fleet.filed += school.filed()
    assert school.filed() == sorted(lead for _, lead in school.rows())
    assert len(server.files()) == 1


def test_withdrawn_between_the_claim_and_the_file(fleet: Fleet, server: SftpSchool) -> None:
    school = make_daily(fleet, server)
    fleet.start("worker", crash_at="freeze:claimed", lease_seconds="60", worker_threads="1")
    her = make_prospect(fleet)
    confirmation = thank(fleet, her.inquire("60601", [SCHOOL]))
    inquire(fleet, SCHOOL)
    school.let_the_day_pass()
    fleet.wait_stopped("worker", 90)
    withdraw(fleet, her, confirmation)
    fleet.kill("worker", signal.SIGCONT)
    school.wait_settled("cancelled", "delivered")
    fleet.filed += school.filed()
    assert sorted(school.states()) == ["cancelled", "delivered"]
    assert school.filed() == [lead for state, lead in school.rows() if state == "delivered"], "her row is not in it"


def count_mails(fleet: Fleet) -> int:
    """Files that came by mail, by the school's own log."""
    return sum("batch_" in arrival["key"] for arrival in fleet.school_arrivals())
