"""Processes stand still, as on a machine that is put to sleep, and go on long after everybody gave them up."""

import signal
import time

import pytest

from tests.faults.people import arrived, inquire, only_delivery
from tests.fleet import Fleet, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("healthy")]

LEASES = 3
LEASE_SECONDS = 2


def sleep_for_leases() -> None:
    time.sleep(LEASES * LEASE_SECONDS)


def test_worker_that_sleeps_after_its_claim_sends_nothing_when_it_wakes(fleet: Fleet) -> None:
    fleet.start("worker", crash_at="freeze:claimed", worker_threads="1")
    confirmation = inquire(fleet, "birch")
    fleet.wait_stopped("worker")
    fleet.start("worker2")
    sleep_for_leases()
    assert wait_until(lambda: only_delivery(fleet, confirmation)[0] == "delivered"), "another has carried it"
    fleet.kill("worker", signal.SIGCONT)
    fleet.wait_quiet()
    time.sleep(LEASE_SECONDS)  # for whatever it might still do
    state, key, tries = only_delivery(fleet, confirmation)
    assert (state, tries, arrived(fleet, key)) == ("delivered", 1, 1)


def test_worker_that_sleeps_before_its_first_byte_sends_the_only_copy(fleet: Fleet) -> None:
    fleet.start("worker", crash_at="freeze:sending", worker_threads="1")
    confirmation = inquire(fleet, "birch")
    fleet.wait_stopped("worker")
    fleet.start("worker2")
    sleep_for_leases()
    assert wait_until(lambda: only_delivery(fleet, confirmation)[0] == "uncertain"), "nobody may send it again"
    fleet.kill("worker", signal.SIGCONT)
    assert wait_until(lambda: only_delivery(fleet, confirmation)[0] == "delivered"), "the late answer settles it"
    _, key, tries = only_delivery(fleet, confirmation)
    assert (tries, arrived(fleet, key)) == (1, 1)


def test_worker_that_sleeps_while_the_school_answers_is_the_only_sender(fleet: Fleet) -> None:
    fleet.behave("birch.example", delay_seconds=0.5)
    fleet.start("worker", "worker2")
    confirmation = inquire(fleet, "birch")
    assert wait_until(lambda: arrived(fleet, only_delivery(fleet, confirmation)[1]) == 1)
    for name in ("worker", "worker2"):
        fleet.kill(name, signal.SIGSTOP)
    sleep_for_leases()
    for name in ("worker", "worker2"):
        fleet.kill(name, signal.SIGCONT)
    fleet.wait_quiet()
    time.sleep(LEASE_SECONDS)
    state, key, tries = only_delivery(fleet, confirmation)
    assert (tries, arrived(fleet, key)) == (1, 1)
    assert state in ("delivered", "uncertain")
