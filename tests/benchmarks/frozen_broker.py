"""The broker stops answering in the middle of the day: what one last post notices, and whether anything is lost."""

import signal
from typing import Any

from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation
from tests.benchmarks.losses import count_lost, tell_carried
from tests.benchmarks.spread import find_percentile, tell_times

POSTS = 5


def measure_frozen_broker(installed: Installation, _effort: Effort) -> dict[str, Any]:
    """A few last posts before, as many with the broker frozen; then it goes on, and everything has arrived."""
    fleet = installed.fleet
    installed.run("web", "worker", "sweeper")
    installed.fire(10)
    usual = installed.fire(POSTS, 1.0)
    fleet.kill("broker", signal.SIGSTOP)
    frozen = installed.fire(POSTS, 1.0)
    fleet.kill("broker", signal.SIGCONT)
    installed.wait_quiet()
    times = {name: [send["seconds"] for send in heard["sends"]] for name, heard in (("u", usual), ("f", frozen))}
    return {
        "usual": tell_times([times["u"]]),
        "frozen": tell_times([times["f"]]),
        "added_ms": round(1000 * (max(times["f"]) - find_percentile(times["u"], 0.5)), 1),
        "errors": usual["errors"] + frozen["errors"],
        "lost": count_lost(fleet, frozen["sends"]),
        "deliveries": tell_carried(fleet),
        "broken_invariants": fleet.check(),
    }
