"""The speed to reach on two cores, and whether these figures reach it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """``read`` finds the figure in the results of one database; ``holds`` says whether it is good enough."""

    name: str
    part: str
    read: Callable[[dict[str, Any]], Any]
    holds: Callable[[Any], bool]


TARGETS = (
    Target("paced: last post p95 under 100 ms", "paced", lambda r: r["last_post"]["p95_ms"], lambda v: v < 100),
    Target("paced: no last post over 1 s", "paced", lambda r: r["last_post"]["max_ms"], lambda v: v <= 1000),
    Target("paced: no error", "paced", lambda r: r["error_count"], lambda v: v == 0),
    Target("paced: nothing lost", "paced", lambda r: r["lost"], lambda v: v == 0),
    Target("match page p95 under 60 ms", "paced", lambda r: r["match_page"]["p95_ms"], lambda v: v < 60),
    Target("search post p95 under 60 ms", "paced", lambda r: r["search_post"]["p95_ms"], lambda v: v < 60),
    Target(
        "saturation: at least half of the ceiling", "saturation", lambda r: r["share_of_ceiling"], lambda v: v >= 0.5
    ),
    Target(
        "idle: arrival p95 under 300 ms",
        "arrival",
        lambda r: r["idle"]["after_the_answer"]["p95_ms"],
        lambda v: v < 300,
    ),
    # from the press, which comes before the commit: no shorter than from the commit
    Target(
        "idle: arrival p50 under 60 ms", "arrival", lambda r: r["idle"]["after_the_press"]["p50_ms"], lambda v: v < 60
    ),
    Target(
        "at 20 leads a second: arrival p99 under 2 s",
        "arrival",
        lambda r: r["at_20_leads_a_second"]["after_the_press"]["p99_ms"],
        lambda v: v < 2000,
    ),
    Target(
        "deliveries: at least 60 % of the bare loop",
        "throughput",
        lambda r: r["share_of_bare_core"],
        lambda v: v >= 0.6,
    ),
    Target(
        "schools that take 100 ms: at least 80 % of the lesser of 80/s and the bare loop",
        "slow_schools",
        lambda r: r["share_of_lesser"],
        lambda v: v >= 0.8,
    ),
    Target(
        "10,000 due: a look of the sweeper p95 under 50 ms",
        "sweeping",
        lambda r: r["look"]["p95_ms"],
        lambda v: v < 50,
    ),
    Target(
        "memory after all deliveries at most 1.1 times a tenth's", "memory", lambda r: r["growth"], lambda v: v <= 1.1
    ),
    Target("frozen broker adds under 3 s", "frozen_broker", lambda r: r["added_ms"], lambda v: v < 3000),
    Target("frozen broker loses nothing", "frozen_broker", lambda r: r["lost"], lambda v: v == 0),
    Target("lock time-out is a 503", "database_lock", lambda r: r["status"], lambda v: v == 503),
    Target("lock time-out keeps her fields", "database_lock", lambda r: r["fields_kept"], lambda v: v is True),
    Target(
        "the same token sends afterwards", "database_lock", lambda r: r["same_token_afterwards"]["sent"], lambda v: v
    ),
)


def judge(results: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each target for each database that was measured."""
    return [
        {"target": target.name, "database": database, "figure": figure, "reached": bool(target.holds(figure))}
        for database, parts in results.items()
        for target in TARGETS
        if target.part in parts
        for figure in [target.read(parts[target.part])]
    ]
