"""How many deliveries one worker carries to a receiver that answers at once, beside its two ceilings."""

import json
import signal
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from leadgen.database import prepare_engine
from tests.benchmarks.bare_rows import write_copy
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation, run_module
from tests.benchmarks.spread import find_median, tell_rounds
from tests.fleet import wait_until

PATIENCE_SECONDS = 120


def measure_throughput(installed: Installation, effort: Effort) -> dict[str, Any]:
    """Per second: deliveries by the worker, no-op tasks on the same broker and pool, deliveries by Core alone."""
    worker, bare, bare_alone = [], [], []
    installed.run("worker")
    _carry(installed, 10)
    for _ in range(effort.rounds):
        worker.append(_carry(installed, effort.deliveries))
        bare.append(_carry_bare(installed, effort.deliveries, installed.worker_threads))
        bare_alone.append(_carry_bare(installed, effort.deliveries, 1))
    installed.run()
    measured = {
        "worker_threads": installed.worker_threads,
        "deliveries_per_second": tell_rounds(worker),
        "bare_core_per_second": tell_rounds(bare),
        "bare_core_one_thread_per_second": tell_rounds(bare_alone),
        "no_op_tasks_per_second": tell_rounds(_run_no_ops(installed, effort)),
    }
    ours, ceiling = (find_median(measured[name]) for name in ("deliveries_per_second", "bare_core_per_second"))
    return measured | {"share_of_bare_core": round(ours / ceiling, 3)}


def _carry(installed: Installation, count: int) -> float:
    """All nudges are in the broker before the worker may go on. The letters stay: only deliveries are measured."""
    fleet, rows = installed.fleet, installed.make_inquiries(count // 2)
    fleet.execute(_put_letters_aside)
    before = set(installed.arrivals())
    fleet.kill("worker", signal.SIGSTOP)
    run_module(fleet.environment(), "nudge", "deliver", *map(str, rows))
    fleet.kill("worker", signal.SIGCONT)
    _wait_for(installed, len(before) + len(rows))
    times = sorted(at for key, at in installed.arrivals().items() if key not in before)
    return (len(times) - 1) / (times[-1] - times[0])


def _wait_for(installed: Installation, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(installed.arrivals()) < count:
        assert time.monotonic() < deadline, "the worker does not carry"
        time.sleep(0.5)  # seldom, since the receiver works too when it is asked


def _put_letters_aside(connection: Connection) -> None:
    connection.execute(text("UPDATE letter SET state = 'cancelled' WHERE state = 'pending'"))


def _carry_bare(installed: Installation, count: int, threads: int) -> float:
    engine = prepare_engine(create_engine(installed.twin_url))
    with engine.begin() as connection:
        rows = [row for _ in range(count // 2) for row in write_copy(connection, installed.template)]
    engine.dispose()
    environment = installed.fleet.environment(database_url=installed.twin_url)
    took = run_module(environment, "bare_delivery", str(threads), *map(str, rows))
    return len(rows) / float(took["seconds"])


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
