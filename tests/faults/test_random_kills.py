"""Any process is killed at any moment, again and again, while people send inquiries to five schools."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.ledger import LONG, SEED
from tests.faults.people import SCHOOLS, deliveries, insist, make_prospect, read_reference
from tests.fleet import Fleet

pytestmark = pytest.mark.slow

KILLS, INQUIRIES = (200, 1_000) if LONG else (20, 100)
PEOPLE_AT_ONCE = 4
VICTIMS = ("web", "worker", "worker2", "sweeper", "broker")


class Killer:
    """Kills one process after the other, each by SIGKILL, and starts it again."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet, self.kills = fleet, 0
        self.chance = random.Random(SEED)
        self.is_over = threading.Event()

    def run(self) -> None:
        while self.kills < KILLS and not self.is_over.is_set():
            name = self.chance.choice(VICTIMS)
            self.fleet.kill(name)
            self.fleet.start(name)
            self.kills += 1
            time.sleep(self.chance.uniform(0.0, 1.0))


@pytest.mark.timeout(3_600 if LONG else 600)
def test_random_kills_lose_nothing_and_send_nothing_twice(fleet: Fleet) -> None:
    fleet.start("worker", "worker2")
    killer = Killer(fleet)
    killing = threading.Thread(target=killer.run)
    killing.start()
    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as crowd:
        people = [make_prospect(fleet) for _ in range(INQUIRIES)]
        confirmations = list(crowd.map(lambda person: insist(person, *SCHOOLS), people))
    killing.join()
    assert killer.kills == KILLS
    fleet.thanked += [read_reference(each) for each in confirmations]
    fleet.wait_quiet(180)
    rows = [row for confirmation in confirmations for row in deliveries(fleet, confirmation)]
    assert len(rows) == INQUIRIES * len(SCHOOLS)
    assert {state for state, *_ in rows} <= {"delivered", "uncertain"}
