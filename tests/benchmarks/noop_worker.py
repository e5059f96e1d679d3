"""The product's worker with one task more, which does nothing: how fast Celery alone is, on this broker and pool.

``python -m tests.benchmarks.noop_worker FILE``: each time a round is complete, its rate is written to FILE.
"""

import sys
import time
from pathlib import Path

from leadgen.cli.processes import worker
from leadgen.extensions import celery

TASK = "benchmarks.nothing"
_starts: dict[int, list[float]] = {}


@celery.task(name=TASK)
def do_nothing(round_number: int, size: int) -> None:
    """Note the time. After ``size`` of them, write how long the round took from first to last."""
    starts = _starts.setdefault(round_number, [])
    starts.append(time.monotonic())
    if len(starts) == size:
        Path(sys.argv[1]).with_suffix(f".{round_number}").write_text(str(max(starts) - min(starts)))


if __name__ == "__main__":
    assert worker.callback
    worker.callback()
