"""The speed that a desk has to reach, and the report for people."""

from typing import Any

TARGET_MS = 150


def judge_pages(measured: dict[str, Any]) -> list[dict[str, Any]]:
    """Each kind of page against the target, and that no page failed."""
    judged = [
        {"target": f"{kind}: p95 under {TARGET_MS} ms", "figure": told.get("p95_ms"), "reached": _is_fast(told)}
        for kind, told in measured["pages"].items()
    ]
    failed = {"target": "no error", "figure": measured["error_count"], "reached": not measured["error_count"]}
    return [*judged, failed]


def summarize_pages(report: dict[str, Any]) -> str:
    """A line for each kind of page, then what was missed."""
    rows = report["rows"]
    lines = [
        f"{rows['inquiry']:,} inquiries, {rows['delivery']:,} deliveries, filled in {report['fill_seconds']} s; "
        f"{report['reviewers']} reviewers; load {report['load_at_start'][0]} to {report['load_at_end'][0]}"
    ]
    for kind, told in report["pages"].items():
        if told["n"]:
            figures = "  ".join(f"{name} {told[f'{name}_ms']:>7.1f}" for name in ("p50", "p95", "max"))
            lines.append(f"  {kind:<24} {figures} ms  n {told['n']:>4}  {told['statements']:>3} statements")
    lines += [f"  MISSED {each['target']}: {each['figure']}" for each in report["targets"] if not each["reached"]]
    return "\n".join([*lines, *report["errors"]])


def _is_fast(told: dict[str, Any]) -> bool:
    # a kind that nobody met in a short run is not judged
    return not told["n"] or bool(told["p95_ms"] < TARGET_MS)
