"""Puts nudges into the broker: ``python -m tests.benchmarks.nudge deliver ID…`` or ``nothing ROUND SIZE``."""

import json
import sys
import time

from leadgen.app import create_app
from leadgen.extensions import celery
from leadgen.outbox import Carried, publish
from tests.benchmarks.noop_worker import TASK


def _nudge(words: list[str]) -> None:
    if words[0] == "deliver":
        for row in words[1:]:
            publish(celery, (Carried.delivery, int(row)))
        return
    for _ in range(int(words[2])):
        celery.send_task(TASK, args=[int(words[1]), int(words[2])], ignore_result=True)


if __name__ == "__main__":
    create_app()
    started = time.monotonic()
    _nudge(sys.argv[1:])
    print(json.dumps({"seconds": time.monotonic() - started}))
