"""Ten clients, each a whole inquiry a second, page by page, while the leads are delivered."""

from typing import Any

from tests.benchmarks.clients import measure_cpu
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation
from tests.benchmarks.losses import count_lost, tell_carried
from tests.benchmarks.spread import tell_times
from tests.fleet import Fleet

LIST_PAGE, SEARCH_POST = "/inquiry/schools", "POST /inquiry/eligibility"


def measure_paced(installed: Installation, effort: Effort) -> dict[str, Any]:
    """Last post, match page and the search before it, every other page, errors, and what was lost (nothing)."""
    fleet = installed.fleet
    installed.run("web", "worker", "sweeper")
    warm = installed.walk(effort.warm_up_seconds)
    worked = _measure_work(fleet)
    rounds = [installed.walk(effort.walk_seconds) for _ in range(effort.rounds)]
    worked = {name: round(seconds - worked[name], 2) for name, seconds in _measure_work(fleet).items()}
    worked["clients"] = round(sum(heard["cpu_seconds"] for heard in rounds), 2)
    installed.wait_quiet()
    sends = [send for heard in [warm, *rounds] for send in heard["sends"]]
    return {
        "clients": 10,
        "seconds": effort.walk_seconds * effort.rounds,
        "inquiries": sum(len(heard["sends"]) for heard in rounds),
        "inquiries_started_late": sum(heard["late"] for heard in rounds),
        "errors": [error for heard in rounds for error in heard["errors"]][:10],
        "error_count": sum(len(heard["errors"]) for heard in rounds),
        "last_post": tell_times([[send["seconds"] for send in heard["sends"]] for heard in rounds]),
        "match_page": tell_times([heard["steps"].get(LIST_PAGE, []) for heard in rounds]),
        "search_post": tell_times([heard["steps"].get(SEARCH_POST, []) for heard in rounds]),
        "every_page": {step: _tell_short(step, rounds) for step in rounds[0]["steps"]},
        "cpu_seconds": worked,
        "lost": count_lost(fleet, sends),
        "deliveries": tell_carried(fleet),
        "broken_invariants": fleet.check(),
    }


def _measure_work(fleet: Fleet) -> dict[str, float]:
    return {name: measure_cpu(process.pid) for name, process in fleet.processes.items()}


def _tell_short(step: str, rounds: list[dict[str, Any]]) -> dict[str, float]:
    told = tell_times([heard["steps"].get(step, []) for heard in rounds])
    return {name: told[name] for name in ("p50_ms", "p95_ms")}
