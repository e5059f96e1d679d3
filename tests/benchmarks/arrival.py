"""From the last post's answer to the parcel at the school's webhook: when idle, and at twenty leads a second."""

from typing import Any

from leadgen.tokens import hash_token
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation
from tests.benchmarks.losses import find_keys
from tests.benchmarks.someone import TICKED
from tests.benchmarks.spread import tell_times

IDLE_PER_SECOND = 2.0
LEADS_PER_SECOND = 20


def measure_arrival(installed: Installation, effort: Effort) -> dict[str, Any]:
    """Each inquiry here makes two leads for two webhooks."""
    installed.run("web", "worker", "sweeper")
    installed.fire(10, 5.0)
    installed.wait_quiet()
    idle = [_time_round(installed, effort.idle_posts, IDLE_PER_SECOND) for _ in range(effort.rounds)]
    rate = LEADS_PER_SECOND / TICKED
    steady = [_time_round(installed, effort.steady_posts, rate) for _ in range(effort.rounds)]
    return {
        "idle": _tell(idle) | {"leads_per_second": IDLE_PER_SECOND * TICKED},
        "at_20_leads_a_second": _tell(steady) | {"leads_per_second": LEADS_PER_SECOND},
    }


def _time_round(installed: Installation, posts: int, rate: float) -> dict[str, list[float]]:
    heard = installed.fire(posts, rate)
    assert not heard["errors"], heard["errors"][:5]
    installed.wait_quiet()
    keys, arrivals = find_keys(installed.fleet), installed.arrivals()
    pairs = [(send, arrivals[key]) for send in heard["sends"] for key in keys[hash_token(send["token"])]]
    return {
        "answered": [max(0.0, at - send["at"]) for send, at in pairs],
        "posted": [at - (send["at"] - send["seconds"]) for send, at in pairs],
    }


def _tell(rounds: list[dict[str, list[float]]]) -> dict[str, Any]:
    """Times count from the answer (0 where the parcel was there before it), and from the moment she pressed send."""
    return {
        "after_the_answer": tell_times([each["answered"] for each in rounds]),
        "after_the_press": tell_times([each["posted"] for each in rounds]),
    }
