"""Leads for ten schools carried by the worker, and by a bare loop: both rates are the receiver's, from its own log."""

import signal
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, create_engine, text

from leadgen.database import prepare_engine
from tests.benchmarks.bare_rows import write_copy
from tests.benchmarks.installation import Installation, run_module
from tests.benchmarks.receiver import count_arrivals, read_arrivals
from tests.benchmarks.someone import TICKED

PATIENCE_SECONDS = 120


def carry(installed: Installation, count: int) -> float:
    """Deliveries per second of the worker that runs. All nudges are in the broker before it may go on, in the messages
    of the last post. The letters stay: only deliveries are measured."""
    rows = make_due(installed, count)

    def go() -> None:
        installed.fleet.kill("worker", signal.SIGSTOP)
        nudge(installed, rows)
        installed.fleet.kill("worker", signal.SIGCONT)

    return _find_rate(installed, len(rows), go)


def carry_bare(installed: Installation, count: int, threads: int) -> float:
    """The same by Core alone, on the twin database."""
    engine = prepare_engine(create_engine(installed.twin_url))
    with engine.begin() as connection:
        rows = [row for _ in range(count // TICKED) for row in write_copy(connection, installed.template)]
    engine.dispose()
    environment = installed.fleet.environment(database_url=installed.twin_url)
    return _find_rate(
        installed, len(rows), lambda: run_module(environment, "bare_delivery", str(threads), *map(str, rows))
    )


def make_due(installed: Installation, count: int) -> list[int]:
    """Ids of so many deliveries that are due, of whole inquiries whose letters are put aside."""
    rows = installed.make_inquiries(count // TICKED)
    installed.fleet.execute(_put_letters_aside)
    return rows


def nudge(installed: Installation, rows: list[int]) -> None:
    """Put a message for each inquiry into the broker."""
    run_module(installed.fleet.environment(), "nudge", "inquiries", *map(str, rows))


def wait_for(installed: Installation, count: int, seconds: float = PATIENCE_SECONDS) -> None:
    """Until so many have arrived in all."""
    deadline = time.monotonic() + seconds
    while count_arrivals(installed.receiver_port) < count:
        assert time.monotonic() < deadline, "nobody carries"
        time.sleep(0.2)  # seldom, since the receiver works too when it is asked


def _find_rate(installed: Installation, count: int, go: Callable[[], Any]) -> float:
    before = count_arrivals(installed.receiver_port)
    go()
    wait_for(installed, before + count)
    times = sorted(at for _, at in read_arrivals(installed.receiver_port, before))
    return (len(times) - 1) / (times[-1] - times[0])


def _put_letters_aside(connection: Connection) -> None:
    connection.execute(text("UPDATE letter SET state = 'cancelled' WHERE state = 'pending'"))
