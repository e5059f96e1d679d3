"""The funnel as the desk reads it: each step with how many came to it, how soon, and how many left there."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.models import StepCount

STEPS = ("goals", "place", "eligibility", "schools", "details", "check", "sent")


@dataclass
class StepLine:
    """One step. ``bands``: of those that came to it, how many in each band of time after the start."""

    step: str
    reached: int = 0
    left: int = 0
    bands: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    of_first: float = 0.0
    of_last: float = 0.0


def read_funnel(session: Session, since: date) -> list[StepLine]:
    """Every step in order. ``of_first`` and ``of_last`` are shares of those at the first step, and at the one before;
    0 where nobody was."""
    lines = {step: StepLine(step) for step in STEPS}
    query = (
        select(StepCount.step, StepCount.happened, StepCount.band, func.sum(StepCount.times))
        .where(StepCount.day >= since, StepCount.step.in_(STEPS))
        .group_by(StepCount.step, StepCount.happened, StepCount.band)
    )
    for step, happened, band, times in session.execute(query):
        if happened == "reached":
            lines[step].reached += times
            lines[step].bands[band] += times
        else:
            lines[step].left += times
    return _share(list(lines.values()))


def _share(lines: list[StepLine]) -> list[StepLine]:
    first = lines[0].reached
    for before, line in zip([lines[0], *lines], lines, strict=False):
        line.of_first = line.reached / first if first else 0.0
        line.of_last = line.reached / before.reached if before.reached else 0.0
    return lines
