"""People who search, in a process of their own: ``python -m tests.benchmarks.match.clients`` reads an order as JSON.

Each walks from a guide to the schools that match at each full second of hers; times are by page, in seconds.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import count

from tests.benchmarks.clients import Heard
from tests.http_prospect import HttpProspect


def look(site: str, zips: list[str], clients: int, seconds: float) -> Heard:
    """One walk a second for each client, each from the next ZIP code; whoever starts late is counted."""
    heard, start, numbers = Heard(), time.monotonic() + 0.2, count()

    def live(client: int) -> None:
        for turn in range(int(seconds)):
            due = start + turn + client / clients
            time.sleep(max(0.0, due - time.monotonic()))
            heard.late += time.monotonic() - due > 0.05
            _walk(heard, HttpProspect(site), zips[next(numbers) % len(zips)])

    with ThreadPoolExecutor(clients) as people:
        list(people.map(live, range(clients)))
    return heard


def _walk(heard: Heard, prospect: HttpProspect, zip_code: str) -> None:
    try:
        prospect.reach_schools(zip_code)
    except (OSError, AssertionError) as error:
        heard.errors.append(f"{zip_code}: {type(error).__name__}: {str(error)[:200]}")
    for step, seconds in prospect.seconds.items():
        heard.steps.setdefault(step, []).append(seconds)


if __name__ == "__main__":
    print(json.dumps(asdict(look(**json.load(sys.stdin)))))
