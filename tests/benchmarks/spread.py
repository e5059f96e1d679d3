"""How a set of measurements is told: percentiles of all of them, and how far repeated rounds lie apart."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}


def find_percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def tell_times(rounds: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Seconds of several rounds, told in milliseconds: percentiles over all, then how p50 and p95 vary by round."""
    pooled = [seconds for each in rounds for seconds in each]
    if not pooled:
        return {"n": 0}
    told: dict[str, Any] = {"n": len(pooled)}
    told |= {f"{name}_ms": _ms(find_percentile(pooled, share)) for name, share in PERCENTILES.items()}
    full = [each for each in rounds if each]
    for name in ("p50", "p95"):
        told[f"rounds_{name}_ms"] = tell_rounds([_ms(find_percentile(each, PERCENTILES[name])) for each in full])
    return told


def tell_rounds(values: Sequence[float]) -> dict[str, Any]:
    """One figure per round: the median, the interquartile range, and the figures themselves."""
    rounded = [_round(value) for value in values]
    return {"median": _round(statistics.median(rounded)), "iqr": _round(_find_iqr(rounded)), "values": rounded}


def find_median(told: Mapping[str, Any]) -> float:
    """The median that `tell_rounds` told."""
    return float(told["median"])


def _find_iqr(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return third - first


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _round(value: float) -> float:
    return round(value, 2)
