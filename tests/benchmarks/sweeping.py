"""One look of the sweeper with 10,000 deliveries due and nobody carrying, and how long it takes to tell the broker.

``python -m tests.benchmarks.sweeping LOOKS`` times the first look of a sweeper, which also tidies up, then others, and
how long after the beginning of each the last of its nudges is in the broker.
"""

import json
import sys
import time
from typing import Any

from sqlalchemy import Connection, text

from leadgen.app import create_app
from leadgen.tasks.nudger import Nudger
from leadgen.tasks.sweeper import Sweeper
from tests.benchmarks.bare_rows import write_copy
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation, run_module
from tests.benchmarks.someone import TICKED
from tests.benchmarks.spread import tell_times

DUE = 10_000


def measure_sweeping(installed: Installation, effort: Effort) -> dict[str, Any]:
    """The whole look, and its nudges, which a hand of their own sends."""
    fleet = installed.fleet
    installed.run()
    fleet.execute(lambda connection: _fill(connection, installed))
    rounds = [_look(installed, effort.looks) for _ in range(effort.rounds)]
    fleet.broker().flushall()
    fleet.execute(_clear)
    told = {name: tell_times([each[name] for each in rounds]) for name in ("first", "look", "told")}
    return {"due": DUE, "nudges_in_a_look": rounds[0]["found"], **told}


def _fill(connection: Connection, installed: Installation) -> None:
    for _ in range(DUE // TICKED):
        write_copy(connection, installed.template)
    connection.execute(text("UPDATE letter SET state = 'cancelled' WHERE state = 'pending'"))


def _look(installed: Installation, looks: int) -> dict[str, Any]:
    installed.fleet.execute(_make_due)
    timed: dict[str, Any] = run_module(installed.fleet.environment(), "sweeping", str(looks))
    return timed


def _make_due(connection: Connection) -> None:
    # just now: after a while without a worker the sweeper carries by itself
    connection.execute(text("UPDATE delivery SET due_at = CURRENT_TIMESTAMP WHERE state = 'pending'"))


def _clear(connection: Connection) -> None:
    connection.execute(text("UPDATE delivery SET state = 'cancelled' WHERE state = 'pending'"))


def _time_looks(looks: int) -> dict[str, Any]:
    app = create_app()
    sweeper = Sweeper(app)
    sweeper.nudger = Nudger(app, again_seconds=0)  # every look nudges all that it finds
    timed: dict[str, list[float]] = {"first": [], "look": [], "told": []}
    found = [_time(sweeper, timed["first"], [])]
    for _ in range(looks):
        found.append(_time(sweeper, timed["look"], timed["told"]))
    sweeper.close()
    assert len(set(found)) == 1, found
    return {"found": found[0], **timed}


def _time(sweeper: Sweeper, looks: list[float], told: list[float]) -> int:
    started = time.monotonic()
    found = sweeper.look()
    looks.append(time.monotonic() - started)
    sweeper.nudger.finish_round()
    told.append(time.monotonic() - started)
    return found


if __name__ == "__main__":
    print(json.dumps(_time_looks(int(sys.argv[1]))))
