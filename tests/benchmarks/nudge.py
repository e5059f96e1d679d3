"""Puts nudges into the broker: ``python -m tests.benchmarks.nudge deliver ID…``, a message for each delivery;
``inquiries ID…``, one for the deliveries of each inquiry, as the last post sends it; or ``nothing ROUND SIZE``."""

import json
import sys
import time

from leadgen.app import create_app
from leadgen.extensions import celery
from leadgen.outbox import Carried, publish
from tests.benchmarks.noop_worker import TASK
from tests.benchmarks.someone import TICKED

IN_A_MESSAGE = {"deliver": 1, "inquiries": TICKED}


def _nudge(words: list[str]) -> None:
    if together := IN_A_MESSAGE.get(words[0]):
        rows = [(Carried.delivery, int(row)) for row in words[1:]]
        for start in range(0, len(rows), together):
            publish(celery, *rows[start : start + together])
        return
    for _ in range(int(words[2])):
        celery.send_task(TASK, args=[int(words[1]), int(words[2])], ignore_result=True)


if __name__ == "__main__":
    create_app()
    started = time.monotonic()
    _nudge(sys.argv[1:])
    print(json.dumps({"seconds": time.monotonic() - started}))
