"""Whether a worker grows: its resident memory after a tenth of its deliveries, and after all of them."""

from typing import Any

import psutil

from tests.benchmarks.carrying import make_due, nudge, wait_for
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation
from tests.benchmarks.receiver import count_arrivals

AT_ONCE = 1_000
EARLY_SHARE = 10
PATIENCE_SECONDS = 900


def measure_memory(installed: Installation, effort: Effort) -> dict[str, Any]:
    """One worker from its start to the last of many deliveries."""
    installed.run()
    installed.run("worker")
    process = psutil.Process(installed.fleet.processes["worker"].pid)
    after: dict[int, float] = {0: _read(process)}
    arrived_before = count_arrivals(installed.receiver_port)
    while (carried := max(after)) < effort.memory_deliveries:
        rows = make_due(installed, min(AT_ONCE, effort.memory_deliveries // EARLY_SHARE))
        nudge(installed, rows)
        wait_for(installed, arrived_before + carried + len(rows), PATIENCE_SECONDS)
        after[carried + len(rows)] = _read(process)
    early = effort.memory_deliveries // EARLY_SHARE
    return {
        "deliveries": max(after),
        "mb_after": after,
        "growth": round(after[max(after)] / after[early], 3),
    }


def _read(process: psutil.Process) -> float:
    return round(process.memory_info().rss / 1e6, 1)
