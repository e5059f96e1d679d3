"""What is to be reached on two cores, and whether these figures reach it."""

from collections.abc import Iterator
from typing import Any

# of PostGIS's median, by size
MOST_OF_POSTGIS = {7_000: 1.5, 100_000: 0.5, 1_000_000: 0.25}
LARGE = 1_000_000
P99_MS, RESIDENT_MB, PAGE_P95_MS = 60, 300, 80


def judge(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Each aim for each size and database that was measured."""
    aims = [
        aim
        for size in report["sizes"]
        for kind, told in size["databases"].items()
        for aim in _judge(size["campuses"], kind, told)
    ]
    for kind, told in (report["page"] or {}).items():
        aims.append(_aim(f"{kind}: results page p95, ms", told["page"]["p95_ms"], PAGE_P95_MS))
        aims.append(_aim(f"{kind}: search before it p95, ms", told["search"]["p95_ms"], PAGE_P95_MS))
        aims.append(_aim(f"{kind}: errors", len(told["errors"]), 0))
    return aims


def _judge(campuses: int, kind: str, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    where = f"{campuses:,} campuses, {kind}"
    different = sum(len(told[part]["differences"]) for part in ("fast", "libraries"))
    yield _aim(f"{where}: answers that differ", different, 0)
    if "ratio_to_postgis" in told and campuses in MOST_OF_POSTGIS:
        yield _aim(f"{where}: share of PostGIS's median", told["ratio_to_postgis"], MOST_OF_POSTGIS[campuses])
    if campuses >= LARGE:
        yield _aim(f"{where}: p99, ms", told["fast"]["times"]["ours"]["p99_ms"]["median"], P99_MS)
        yield _aim(f"{where}: web process resident, MB", told["web_process"]["resident_mb"], RESIDENT_MB)


def summarize(report: dict[str, Any]) -> str:
    """The medians in a few lines."""
    lines = []
    for size in report["sizes"]:
        for kind, told in size["databases"].items():
            times = {**told["fast"]["times"], **told["libraries"]["times"], **told["from_the_database"]["times"]}
            said = ", ".join(
                f"{name} {each['p50_ms']['median']:g}/{each['p99_ms']['median']:g}" for name, each in times.items()
            )
            lines.append(f"{size['campuses']:,} {kind}, p50/p99 ms: {said}")
    missed = [f"missed: {aim['aim']}: {aim['figure']} of {aim['most']}" for aim in report["aims"] if not aim["reached"]]
    return "\n".join(lines + missed)


def _aim(name: str, figure: float, most: float) -> dict[str, Any]:
    return {"aim": name, "figure": figure, "most": most, "reached": figure <= most}
