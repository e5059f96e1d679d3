"""Schools' servers that misbehave on command: what becomes of the lead, and what the school's own log says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.certificates import Authority, authority, make_authority
from tests.fake_school import answers
from tests.fake_server import running
from tests.faults.people import arrived, inquire, only_delivery
from tests.fleet import Fleet, wait_until

__all__ = ["authority"]  # a fixture, used by name

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("healthy")]

REAL_LEASE = "30"
ABSURD_SECONDS = "99999999"
LONGEST_WAIT_SECONDS = 6 * 3_600
MEMORY_KB = 40_000


def carry_to(fleet: Fleet, **how: Any) -> tuple[str, str, int]:
    """Birch behaves so, a lead goes there; gives its delivery when it is quiet."""
    fleet.behave("birch.example", **how)
    fleet.start("worker", lease_seconds=REAL_LEASE)
    confirmation = inquire(fleet, "birch")
    assert wait_until(lambda: only_delivery(fleet, confirmation)[2] == 1, 30), "it is tried"
    assert wait_until(lambda: only_delivery(fleet, confirmation)[0] not in ("claimed", "sending"), 40)
    return only_delivery(fleet, confirmation)


def read_endpoint(fleet: Fleet) -> tuple[str, str | None]:
    """State of Birch's endpoint, and why."""
    ((state, reason),) = fleet.query("SELECT state, broken_reason FROM endpoint WHERE school_id = 'birch'")
    return state, reason


def test_absurd_retry_after_waits_six_hours_at_most(fleet: Fleet) -> None:
    state, key, _ = carry_to(fleet, status=429, headers={"Retry-After": ABSURD_SECONDS})
    assert state == "pending"
    assert LONGEST_WAIT_SECONDS * 0.99 < read_wait(fleet, key) <= LONGEST_WAIT_SECONDS


@pytest.mark.parametrize(
    ("status", "where"),
    [(302, "http://169.254.169.254/latest/meta-data/"), (307, "https://dogwood.example/leads")],
    ids=["to the metadata address", "to another school"],
)
def test_redirect_is_not_followed(fleet: Fleet, status: int, where: str) -> None:
    before = len(fleet.school_arrivals())
    state, key, _ = carry_to(fleet, status=status, headers={"Location": where})
    assert (state, read_endpoint(fleet)[0]) == ("held", "broken")
    assert [arrival["host"] for arrival in fleet.school_arrivals()[before:]] == ["birch.example"]
    assert arrived(fleet, key) == 1


@pytest.mark.parametrize("act", ["close", "cut"])
def test_line_that_breaks_after_the_lead_was_read_leaves_it_uncertain(fleet: Fleet, act: str) -> None:
    state, key, tries = carry_to(fleet, act=act)
    assert (state, tries, arrived(fleet, key)) == ("uncertain", 1, 1)


@pytest.mark.parametrize(
    "how", [{"status": 504, "delay_seconds": 14}, {"act": "drip"}, {"act": "hang"}], ids=["504 late", "drip", "hang"]
)
def test_slow_school_is_cut_off_and_asked_no_second_time(fleet: Fleet, how: dict[str, Any]) -> None:
    state, key, tries = carry_to(fleet, **how)
    ((milliseconds,),) = fleet.query(
        "SELECT a.latency_ms FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.key = :key", key=key
    )
    assert (state, tries, arrived(fleet, key)) == ("uncertain", 1, 1)
    assert 13_000 < milliseconds < 16_500


@pytest.mark.parametrize("act", ["flood", "bomb"])
def test_endless_answer_is_left_unread(fleet: Fleet, act: str) -> None:
    state, key, _ = carry_to(fleet, act=act)
    assert (state, arrived(fleet, key)) == ("delivered", 1), "the headers said yes"
    assert read_peak(fleet, "worker") - read_resident(fleet, "worker") < MEMORY_KB


@pytest.mark.parametrize("fault", ["expired", "wrong name", "unknown authority"])
def test_bad_certificate_gets_nothing(fleet: Fleet, authority: Authority, tmp_path: Path, fault: str) -> None:
    (tmp_path / "other").mkdir()
    issuer = make_authority(tmp_path / "other") if fault == "unknown authority" else authority
    name = "elsewhere.example" if fault == "wrong name" else "localhost"
    context = issuer.issue(name, ends_in=timedelta(days=-1 if fault == "expired" else 1))
    with running(answers(202), context) as school:
        move_birch(fleet, f"https://localhost:{school.port}/leads")
        fleet.start("worker", lease_seconds=REAL_LEASE)
        confirmation = inquire(fleet, "birch")
        assert wait_until(lambda: only_delivery(fleet, confirmation)[0] == "held", 30)
    move_birch(fleet, "https://birch.example/leads")
    assert school.received == []
    assert read_endpoint(fleet)[0] == "broken"


def move_birch(fleet: Fleet, address: str) -> None:
    """Birch's endpoint is there."""
    statement = text("UPDATE endpoint SET address = :address WHERE school_id = 'birch'")
    fleet.execute(lambda writer: writer.execute(statement, {"address": address}))


def read_wait(fleet: Fleet, key: str) -> float:
    """Seconds until a delivery is due again, by the database's clock."""
    on_sqlite = "(julianday(due_at) - julianday('now')) * 86400"
    wait = "EXTRACT(EPOCH FROM due_at - clock_timestamp())" if "postgresql" in fleet.database_url else on_sqlite
    return float(fleet.query(f"SELECT {wait} FROM delivery WHERE key = :key", key=key)[0][0])


def read_peak(fleet: Fleet, name: str) -> int:
    return _read_status(fleet, name, "VmHWM")


def read_resident(fleet: Fleet, name: str) -> int:
    return _read_status(fleet, name, "VmRSS")


def _read_status(fleet: Fleet, name: str, field: str) -> int:
    """Kilobytes."""
    lines = Path(f"/proc/{fleet.processes[name].pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))
