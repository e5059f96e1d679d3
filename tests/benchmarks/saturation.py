"""As many last posts as ten clients can press through, and beside it the same rows by Core alone."""

from collections.abc import Sequence
from typing import Any

from tests.benchmarks import bare_server
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation
from tests.benchmarks.losses import count_lost
from tests.benchmarks.spread import find_median, tell_rounds, tell_times
from tests.fleet import answers, find_free_port

Heard = dict[str, Any]


def measure_saturation(installed: Installation, effort: Effort) -> dict[str, Any]:
    """Product and ceiling take turns in the same minutes, both without a worker and one request an inquiry; then the
    product while it delivers and everybody opens the confirmation."""
    fleet = installed.fleet
    installed.run("web")
    ours, ceiling = _take_turns(installed, effort)
    installed.run("web", "worker", "sweeper")
    carrying = [installed.fire(effort.posts) for _ in range(effort.rounds)]
    measured = {"rows_each": installed.template.count, "product": _tell(ours), "bare_inserts": _tell(ceiling)}
    measured["share_of_ceiling"] = _share(measured, "accepted_per_second")
    measured["product_while_delivering"] = _tell(carrying)
    measured["lost"] = count_lost(fleet, [send for heard in ours + carrying for send in heard["sends"]])
    installed.wait_quiet()
    return measured


def _take_turns(installed: Installation, effort: Effort) -> tuple[list[Heard], list[Heard]]:
    ours, ceiling, port = [], [], find_free_port()
    site = f"http://127.0.0.1:{port}"
    with installed.beside(
        "bare_server", str(port), database_url=installed.twin_url, ready=lambda: answers(f"{site}/")
    ) as pid:
        installed.fire(effort.warm_up_posts, follow=False)
        installed.fire_bare(site, bare_server.PATH, effort.warm_up_posts, pid)
        for _ in range(effort.rounds):
            ours.append(installed.fire(effort.posts, follow=False))
            ceiling.append(installed.fire_bare(site, bare_server.PATH, effort.bare_posts, pid))
    return ours, ceiling


def _tell(rounds: Sequence[Heard]) -> dict[str, Any]:
    accepted = [len(heard["sends"]) - len(heard["errors"]) for heard in rounds]
    return {
        "accepted_per_second": tell_rounds([n / heard["seconds"] for n, heard in zip(accepted, rounds, strict=True)]),
        "cpu_ms_each": tell_rounds([1000 * h["cpu_seconds"] / n for n, h in zip(accepted, rounds, strict=True)]),
        "last_post": tell_times([[send["seconds"] for send in heard["sends"]] for heard in rounds]),
        "errors": [error for heard in rounds for error in heard["errors"]][:10],
    }


def _share(measured: dict[str, Any], figure: str) -> float:
    ours, ceiling = (find_median(measured[name][figure]) for name in ("product", "bare_inserts"))
    return round(ours / ceiling, 3)
