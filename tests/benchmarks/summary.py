"""The report for people: one line per figure, and each target with its figure."""

from collections.abc import Iterator
from typing import Any

# where the figures stand in the results of a part, and how they are called
TIMES = {
    "match": ("sample.command", "sample.find_matches", "real_schools.command", "real_schools.find_matches"),
    "paced": ("last_post", "match_page", "search_post"),
    "saturation": ("product.last_post", "bare_inserts.last_post"),
    "arrival": (
        "idle.after_the_answer",
        "idle.after_the_press",
        "at_20_leads_a_second.after_the_answer",
        "at_20_leads_a_second.after_the_press",
    ),
    "frozen_broker": ("usual", "frozen"),
    "sweeping": ("first", "look", "told"),
}
RATES = {
    "saturation": (
        "product.accepted_per_second",
        "bare_inserts.accepted_per_second",
        "product_while_delivering.accepted_per_second",
        "product.cpu_ms_each",
        "bare_inserts.cpu_ms_each",
    ),
    "throughput": (
        "deliveries_per_second",
        "bare_core_per_second",
        "bare_core_one_thread_per_second",
        "no_op_tasks_per_second",
    ),
    "slow_schools": ("deliveries_per_second", "bare_core_per_second"),
}


def summarize(report: dict[str, Any]) -> str:
    """Lines of at most 120 characters."""
    load = f"load {report['load_at_start'][0]} at the start, {report['load_at_end'][0]} at the end"
    lines = [f"{report['machine']['processors']} processors, {load}, {report['seconds']} s"]
    for database, parts in report["results"].items():
        lines += ["", database, *_list_figures(parts)]
    lines += ["", "targets", *map(_word_target, report["targets"])]
    return "\n".join(lines)


def _list_figures(parts: dict[str, Any]) -> Iterator[str]:
    for part, measured in parts.items():
        for path in TIMES.get(part, ()):
            told = _find(measured, path)
            if told and told["n"]:
                figures = "  ".join(f"{name} {told[f'{name}_ms']:>8.1f}" for name in ("p50", "p95", "p99", "max"))
                yield f"  {part + ' ' + path:<55} {figures} ms  n {told['n']}"
        for path in RATES.get(part, ()):
            if told := _find(measured, path):
                yield f"  {part + ' ' + path:<55} {told['median']:>10.1f}  (IQR {told['iqr']})"


def _find(measured: dict[str, Any], path: str) -> dict[str, Any] | None:
    found: Any = measured
    for name in path.split("."):
        found = found.get(name) if found else None
    return found


def _word_target(judged: dict[str, Any]) -> str:
    verdict = "reached" if judged["reached"] else "MISSED"
    return f"  {verdict:<8} {judged['database']:<11} {judged['target']}: {judged['figure']}"
