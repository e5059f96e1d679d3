"""The broker forgets, dies, freezes, is full, or repeats itself. The rows are the queue, so nobody is hurt."""

import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.broker_nudges import nudge
from tests.faults.ledger import LONG, SEED
from tests.faults.people import arrived, deliveries, inquire, make_prospect, outcomes, thank
from tests.fleet import Fleet, wait_until

pytestmark = pytest.mark.slow

AWAY_SECONDS = 60 if LONG else 8
NUDGES = 1_000
NOBODY = 1_000_000_000


def list_open(fleet: Fleet) -> list[int]:
    """Deliveries that nobody has carried yet."""
    return [row for (row,) in fleet.query("SELECT id FROM delivery WHERE state = 'pending'")]


def test_flushall_with_a_thousand_nudges_queued_loses_no_lead(fleet: Fleet) -> None:
    fleet.kill("sweeper")
    confirmations = [inquire(fleet, "birch", "dogwood", "alder") for _ in range(5)]
    rows = list_open(fleet)
    nudge(fleet, *(rows * (NUDGES // len(rows) + 1))[:NUDGES])
    assert fleet.broker().llen("celery") >= NUDGES, "nudges wait for a worker"
    fleet.broker().flushall()
    fleet.start("worker", "sweeper")
    fleet.wait_quiet(90)
    assert outcomes(fleet, confirmations) == [("delivered", 1)] * 15


def test_nudges_five_times_over_in_any_order_and_for_rows_that_are_not_there(fleet: Fleet) -> None:
    fleet.kill("sweeper")
    confirmations = [inquire(fleet, "birch", "dogwood", "alder") for _ in range(5)]
    rows = [*list_open(fleet), *range(NOBODY, NOBODY + 5)] * 5
    random.Random(SEED).shuffle(rows)
    nudge(fleet, *rows)
    # the sweeper too: who found no lane at the very moment in which the last one ended is woken by nobody else
    fleet.start("worker", "worker2", "sweeper")
    fleet.wait_quiet(90)
    assert wait_until(lambda: fleet.broker().llen("celery") == 0), "every message was taken"
    assert outcomes(fleet, confirmations) == [("delivered", 1)] * 15


def test_three_sweepers_and_two_workers_send_once(fleet: Fleet) -> None:
    fleet.start("sweeper2", "sweeper3", "worker", "worker2")
    try:
        confirmations = [inquire(fleet, "birch", "dogwood", "alder") for _ in range(5)]
        fleet.wait_quiet()
    finally:
        fleet.kill("sweeper2")
        fleet.kill("sweeper3")
    assert outcomes(fleet, confirmations) == [("delivered", 1)] * 15


def test_without_any_worker_the_sweeper_carries(fleet: Fleet) -> None:
    confirmation = inquire(fleet, "birch")
    assert wait_until(lambda: deliveries(fleet, confirmation)[0][0] == "delivered", 60)


def kill_broker(fleet: Fleet) -> None:
    fleet.kill("broker")


def freeze_broker(fleet: Fleet) -> None:
    fleet.kill("broker", signal.SIGSTOP)


def fill_broker(fleet: Fleet) -> None:
    fleet.broker().config_set("maxmemory", "1")


def start_broker(fleet: Fleet) -> None:
    fleet.start("broker")


def wake_broker(fleet: Fleet) -> None:
    fleet.kill("broker", signal.SIGCONT)


def empty_broker(fleet: Fleet) -> None:
    fleet.broker().config_set("maxmemory", "0")


@pytest.mark.timeout(360)
@pytest.mark.parametrize(
    ("harm", "mend"),
    [
        pytest.param(kill_broker, start_broker, id="gone"),
        pytest.param(freeze_broker, wake_broker, id="frozen"),
        pytest.param(fill_broker, empty_broker, id="full"),
    ],
)
def test_broker_out_of_order_costs_nobody_anything(
    fleet: Fleet, harm: Callable[[Fleet], None], mend: Callable[[Fleet], None]
) -> None:
    fleet.start("worker")
    assert wait_until(lambda: arrived(fleet, deliveries(fleet, inquire(fleet, "birch"))[0][1]) or True)
    harm(fleet)
    confirmations, slowest = [], 0.0
    back_at = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < back_at:
        prospect = make_prospect(fleet)
        confirmations.append(thank(fleet, prospect.inquire("60601", ["birch", "dogwood"])))
        slowest = max(slowest, prospect.seconds["send"])
        time.sleep(2)
    assert wait_until(lambda: any(copies for _, copies in outcomes(fleet, confirmations)), 30), "the sweeper carries"
    mend(fleet)
    fleet.wait_quiet(90)
    assert slowest < 3, f"she waited {slowest} s for a broker"
    assert set(outcomes(fleet, confirmations)) == {("delivered", 1)}
