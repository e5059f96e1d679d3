"""How many deliveries one worker carries to receivers that answer at once, and to such as think for 100 ms, each
beside its ceilings: the same commits, signature and post in a bare loop, and a task that does nothing."""

import json
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.carrying import PATIENCE_SECONDS, carry, carry_bare
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation, run_module
from tests.benchmarks.receiver import let_think
from tests.benchmarks.spread import find_median, tell_rounds
from tests.fleet import wait_until

THINK_SECONDS, SLOTS = 0.1, 8
WARM_UP = 40


def measure_throughput(installed: Installation, effort: Effort) -> dict[str, Any]:
    """Per second, to receivers that answer at once: deliveries by the worker, deliveries by Core alone, no-op tasks on
    the same broker and pool."""
    installed.run("worker")
    measured = _take_turns(installed, effort, installed.worker_threads)
    alone = [carry_bare(installed, effort.deliveries, 1) for _ in range(effort.rounds)]
    installed.run()
    no_ops = tell_rounds(_run_no_ops(installed, effort))
    return measured | {"bare_core_one_thread_per_second": tell_rounds(alone), "no_op_tasks_per_second": no_ops}


def measure_slow_schools(installed: Installation, effort: Effort) -> dict[str, Any]:
    """The same with eight slots and receivers that think for 100 ms, so that no more than eighty a second can go."""
    installed.run()
    installed.run("worker", worker_threads=str(SLOTS))
    let_think(installed.receiver_port, THINK_SECONDS)
    try:
        measured = _take_turns(installed, effort, SLOTS)
    finally:
        let_think(installed.receiver_port, 0)
        installed.run()
    most = SLOTS / THINK_SECONDS
    ours, bare = (find_median(measured[name]) for name in ("deliveries_per_second", "bare_core_per_second"))
    return measured | {"most_per_second": most, "share_of_lesser": round(ours / min(most, bare), 3)}


def _take_turns(installed: Installation, effort: Effort, threads: int) -> dict[str, Any]:
    """Worker and bare loop in the same minutes, with as many threads."""
    worker, bare = [], []
    carry(installed, WARM_UP)
    for _ in range(effort.rounds):
        worker.append(carry(installed, effort.deliveries))
        bare.append(carry_bare(installed, effort.deliveries, threads))
    measured = {"deliveries_per_second": tell_rounds(worker), "bare_core_per_second": tell_rounds(bare)}
    ours, ceiling = map(find_median, measured.values())
    return {"threads": threads, **measured, "share_of_bare_core": round(ours / ceiling, 3)}


def _run_no_ops(installed: Installation, effort: Effort) -> list[float]:
    file, rates = installed.fleet.folder / "no_ops", []
    with installed.beside("noop_worker", str(file)):
        for number in range(effort.rounds + 1):
            run_module(installed.fleet.environment(), "nudge", "nothing", str(number), str(effort.no_ops))
            done = Path(f"{file}.{number}")
            assert wait_until(done.exists, PATIENCE_SECONDS)
            time.sleep(0.1)
            rates.append((effort.no_ops - 1) / float(json.loads(done.read_text())))
    return rates[1:]  # the first round waited for the worker to start
