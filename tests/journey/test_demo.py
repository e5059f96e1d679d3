"""The first start shows a desk that is alive, and the running worker leaves it so."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadgen.config import ROOT
from tests.journey.running import Up, start_up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

STUCK = ("uncertain", "failed", "held")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A first start on the sample schools, as `make run` does it."""
    running = start_up(tmp_path / "data", ROOT / "schools.csv", with_demo=True, sweep_seconds="0.5")
    yield running
    running.stop()


def count(up: Up, query: str) -> dict[str, int]:
    with sqlite3.connect(up.folder / "leadgen.sqlite3") as database:
        return dict(database.execute(query).fetchall())


def count_states(up: Up) -> dict[str, int]:
    states = count(up, "SELECT state, count(*) FROM delivery WHERE about = 'lead' GROUP BY state")
    return {state: states.get(state, 0) for state in STUCK}


def test_the_first_start_fills_the_desk_and_the_worker_does_not_mend_it(up: Up) -> None:
    log = up.folder / "logs" / "demo.log"
    assert wait_until(log.exists, 120)
    assert log.read_text().startswith("Made ")
    assert count(up, "SELECT 'all', count(*) FROM inquiry WHERE demo")["all"] >= 60
    before = count_states(up)
    assert all(before.values()), before
    assert wait_until(lambda: not _count_due(up), 30)
    time.sleep(3)
    assert count_states(up) == before
    assert all(each["host"].endswith(".example") for each in up.arrivals())


def _count_due(up: Up) -> int:
    due = (
        "SELECT 'due', count(*) FROM delivery WHERE state = 'pending' AND due_at < strftime('%Y-%m-%d %H:%M:%f', 'now')"
    )
    return count(up, due)["due"]
