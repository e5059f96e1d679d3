"""The school's secret, address or standing changes, or she withdraws, while a worker has her lead in its hands."""

import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.faults.ledger import LONG
from tests.faults.own_data import CHANGE, ERASE, Wish, fill_in, list_news, open_door, withdraw
from tests.faults.people import arrived, make_prospect, only_delivery, thank
from tests.fleet import Fleet
from tests.http_prospect import HttpProspect

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("healthy")]

Change = Callable[[Fleet, HttpProspect, str], None]

LEASE = "60"  # the lead stays in the worker's hands while it stands still


def rotate_secret(fleet: Fleet, _her: HttpProspect, _confirmation: str) -> None:
    succeed(fleet.run("endpoint", "rotate-secret", "birch"))


def change_address(fleet: Fleet, _her: HttpProspect, _confirmation: str) -> None:
    ((endpoint, address),) = fleet.query("SELECT id, address FROM endpoint WHERE school_id = 'birch'")
    new = "https://birch.example/new" if address.endswith("/leads") else "https://birch.example/leads"
    succeed(fleet.run("endpoint", "change", str(endpoint), "--address", new, "--at-once"))


def pause(fleet: Fleet, _her: HttpProspect, _confirmation: str) -> None:
    ((endpoint,),) = fleet.query("SELECT id FROM endpoint WHERE school_id = 'birch'")
    succeed(fleet.run("endpoint", "pause", str(endpoint), "--reason", "school_wishes"))


def change_times(fleet: Fleet, her: HttpProspect, confirmation: str) -> None:
    wish(fleet, her, confirmation, CHANGE)


def erase(fleet: Fleet, her: HttpProspect, confirmation: str) -> None:
    wish(fleet, her, confirmation, ERASE)


def wish(fleet: Fleet, her: HttpProspect, confirmation: str, what: Wish) -> None:
    fleet.start("worker2")  # somebody has to bring her the letter with the link
    assert her.post(*fill_in(her, open_door(fleet, her, confirmation), what)).status == 303


def succeed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr


CHANGES = pytest.mark.parametrize(
    "change",
    [
        pytest.param(rotate_secret, id="secret rotated"),
        pytest.param(change_address, id="address changed"),
        pytest.param(pause, id="paused"),
        pytest.param(withdraw, id="withdrawn"),
        *([pytest.param(change_times, id="changed"), pytest.param(erase, id="erased")] if LONG else []),
    ],
)
NEWS: dict[Change, tuple[str, ...]] = {withdraw: ("withdrawal",), change_times: CHANGE.told, erase: ERASE.told}


@pytest.fixture(autouse=True)
def known_secrets(fleet: Fleet) -> None:
    """The school knows the secret of before the change."""
    fleet.hand_out_secrets()


@CHANGES
def test_change_between_claim_and_send(fleet: Fleet, change: Change) -> None:
    confirmation = change_while_frozen(fleet, "claimed", change)
    state, key, tries = only_delivery(fleet, confirmation)
    assert list_news(fleet, confirmation) == {}, "nobody had it, so nobody is told"
    if change in (withdraw, erase):
        assert (state, tries, arrived(fleet, key)) == ("cancelled", 0, 0), "not a byte after she withdrew"
    else:
        assert (state, tries, arrived(fleet, key)) == ("delivered", 1, 1)
    if change is change_times:
        assert "morning" in read_lead(fleet, key), "what was in the worker's hands is built anew"


@CHANGES
def test_change_during_the_send(fleet: Fleet, change: Change) -> None:
    confirmation = change_while_frozen(fleet, "sending", change)
    expect_delivered_once(fleet, confirmation, change)


@CHANGES
def test_change_after_the_send(fleet: Fleet, change: Change) -> None:
    fleet.start("worker")
    her = make_prospect(fleet)
    confirmation = thank(fleet, her.inquire("60601", ["birch"]))
    fleet.wait_quiet()
    change(fleet, her, confirmation)
    fleet.wait_quiet()
    expect_delivered_once(fleet, confirmation, change)


def change_while_frozen(fleet: Fleet, point: str, change: Change) -> str:
    """A worker stands still with her lead in its hands, something changes, and it goes on."""
    # a thread alone: on SQLite a process that stands still with a lock would stop everybody
    fleet.start("worker", crash_at=f"freeze:{point}", lease_seconds=LEASE, worker_threads="1")
    her = make_prospect(fleet)
    confirmation = thank(fleet, her.inquire("60601", ["birch"]))
    fleet.wait_stopped("worker")
    change(fleet, her, confirmation)
    fleet.kill("worker", signal.SIGCONT)
    fleet.wait_quiet()
    return confirmation


def expect_delivered_once(fleet: Fleet, confirmation: str, change: Change) -> None:
    """The lead arrived once, and where she withdrew, changed or erased it, the school was told so, once."""
    state, key, tries = only_delivery(fleet, confirmation)
    assert (state, tries, arrived(fleet, key)) == ("delivered", 1, 1)
    news = list_news(fleet, confirmation)
    assert tuple(news) == NEWS.get(change, ())
    for rows in news.values():
        assert [(state, arrived(fleet, key)) for state, key, _ in rows] == [("delivered", 1)]
    (mine,) = [arrival for arrival in fleet.school_arrivals() if key in arrival["key"]]
    # a school that was told the new secret only now still knows the old one, and both sign
    assert mine["signature"] == "good"


def read_lead(fleet: Fleet, key: str) -> str:
    """The lead as the school has it."""
    return "".join(str(arrival["content"]) for arrival in fleet.school_arrivals() if key in arrival["key"])
