"""Any process is killed at any moment, again and again, while people send inquiries to five schools."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.faults.ledger import LONG, SEED
from tests.faults.people import SCHOOLS, deliveries, insist, make_prospect, thank
from tests.fleet import Fleet, wait_until

pytestmark = pytest.mark.slow

KILLS, INQUIRIES = (200, 1_000) if LONG else (20, 100)
PEOPLE_AT_ONCE = 4
VICTIMS = ("web", "worker", "worker2", "sweeper", "broker")


class Killer:
    """Kills one process after the other, each by SIGKILL, and starts it again: as often as people were thanked."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet, self.kills = fleet, 0
        self.chance = random.Random(SEED)
        self.is_over = threading.Event()
        self.begun = len(fleet.thanked)

    def run(self) -> None:
        while self.kills < KILLS and not self.is_over.wait(self.chance.uniform(0.0, 1.0)):
            if self.kills * INQUIRIES > (len(self.fleet.thanked) - self.begun) * KILLS:
                continue  # the last of the people are to meet kills too
            name = self.chance.choice(VICTIMS)
            self.fleet.kill(name)
            self.fleet.start(name)
            self.kills += 1


@contextmanager
def killing(fleet: Fleet) -> Iterator[Killer]:
    """Kill meanwhile."""
    killer = Killer(fleet)
    thread = threading.Thread(target=killer.run)
    thread.start()
    try:
        yield killer
    finally:
        killer.is_over.set()
        thread.join()


@contextmanager
def hearing(fleet: Fleet) -> Iterator[None]:
    """Note meanwhile what arrives: the sandbox keeps the last 2,000, which is fewer than come here."""
    is_over = threading.Event()

    def hear() -> None:
        while not is_over.wait(2):
            fleet.arrivals()

    listener = threading.Thread(target=hear)
    listener.start()
    try:
        yield
    finally:
        is_over.set()
        listener.join()


@pytest.mark.timeout(3_600 if LONG else 600)
def test_random_kills_lose_nothing_and_send_nothing_twice(fleet: Fleet) -> None:
    fleet.start("worker", "worker2")
    with hearing(fleet), killing(fleet) as killer:
        with ThreadPoolExecutor(PEOPLE_AT_ONCE) as crowd:
            people = [make_prospect(fleet) for _ in range(INQUIRIES)]
            confirmations = list(crowd.map(lambda person: thank(fleet, insist(person, *SCHOOLS)), people))
        assert wait_until(lambda: killer.kills == KILLS, 60)
    with hearing(fleet):
        fleet.wait_quiet(180)
    rows = [row for confirmation in confirmations for row in deliveries(fleet, confirmation)]
    assert len(rows) == INQUIRIES * len(SCHOOLS)
    assert {state for state, *_ in rows} <= {"delivered", "uncertain"}
