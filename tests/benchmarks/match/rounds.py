"""Each search is put to one competitor after the other, round after round, and their answers are compared."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from leadgen.matching.criteria import Criteria
from tests.benchmarks.match.answer import Answer, Competitor
from tests.benchmarks.spread import find_median, find_percentile, tell_rounds

WARM_UP = 8


def race(
    competitors: Sequence[Competitor], searches: Sequence[Criteria], rounds: int, warm_up: int = WARM_UP
) -> dict[str, Any]:
    """Times by competitor, and where an answer differs from the first competitor's."""
    for each in competitors:
        for criteria in searches[:warm_up]:
            each.find(criteria)
    times: dict[str, list[list[float]]] = {each.name: [[] for _ in range(rounds)] for each in competitors}
    differences: list[str] = []
    for number in range(rounds):
        for criteria in searches:
            answers = [_time(each, criteria, times[each.name][number]) for each in competitors]
            if number == 0:
                differences += _compare(competitors, criteria, answers)
    told = {name: _tell(measured) for name, measured in times.items()}
    return {"searches": len(searches), "rounds": rounds, "times": told, "differences": differences}


def find_ratio(told: dict[str, Any], name: str, other: str) -> float:
    """How many times as long one took as the other, by their medians over the rounds."""
    return round(find_median(told[name]["p50_ms"]) / find_median(told[other]["p50_ms"]), 3)


def time_narrowing(narrow: Callable[[Criteria], object], searches: Sequence[Criteria]) -> float:
    """Median milliseconds of what a library does itself."""
    seconds = []
    for criteria in searches:
        started = time.perf_counter()
        narrow(criteria)
        seconds.append(time.perf_counter() - started)
    return round(find_percentile(seconds, 0.5) * 1000, 3)


def _time(competitor: Competitor, criteria: Criteria, seconds: list[float]) -> Answer:
    started = time.perf_counter()
    answer = competitor.find(criteria)
    seconds.append(time.perf_counter() - started)
    return answer


def _tell(rounds: list[list[float]]) -> dict[str, Any]:
    shares = {"p50_ms": 0.5, "p99_ms": 0.99}
    return {
        name: tell_rounds([find_percentile(each, share) * 1000 for each in rounds]) for name, share in shares.items()
    }


def _compare(competitors: Sequence[Competitor], criteria: Criteria, answers: Sequence[Answer]) -> list[str]:
    right = answers[0]
    return [
        f"{each.name}, {criteria}: {answer.total} for {right.total}, {_find_first_difference(answer, right)}"
        for each, answer in zip(competitors[1:], answers[1:], strict=True)
        if answer != right
    ]


def _find_first_difference(answer: Answer, right: Answer) -> str:
    pairs = zip(answer.first, right.first, strict=False)
    return next((f"{mine} for {its}" for mine, its in pairs if mine != its), "as many shown")
