"""The funnel: how many came to each step, how soon, and where they left it. Counted, and nobody is told apart."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from leadgen.database import count_one_more
from leadgen.models import StepCount

REACHED, LEFT = "reached", "left"
# the pages of an inquiry in order, and the end
SENT = "sent"
STEPS = ("goals", "place", "eligibility", "schools", "details", "check", SENT)
# the end of each band, in minutes after the start
BANDS = {"under_1": 1, "1_to_3": 3, "3_to_10": 10, "10_to_60": 60}
LONGER = "over_60"


def name_band(passed: timedelta) -> str:
    """The band of a span of time."""
    minutes = passed.total_seconds() / 60
    return next((name for name, end in BANDS.items() if minutes < end), LONGER)


def list_new(before: str, now: str) -> tuple[str, ...]:
    """The steps after ``before`` (empty: none yet) up to ``now``; none where she went back."""
    first = STEPS.index(before) + 1 if before in STEPS else 0
    return STEPS[first : STEPS.index(now) + 1]


def count_reached(session: Session, before: str, now: str, started_at: datetime, at: datetime) -> None:
    """Count the steps that she reached for the first time."""
    band = name_band(at - started_at)
    for step in list_new(before, now):
        _count(session, at.date(), step, REACHED, band)


def count_left(session: Session, left: Iterable[tuple[str, timedelta]], day: date) -> None:
    """Count drafts that ran out: the furthest step of each, and how long after the start it was last touched
    or saved for later."""
    for (step, band), times in Counter((step, name_band(passed)) for step, passed in left).items():
        for _ in range(times):
            _count(session, day, step, LEFT, band)


def _count(session: Session, day: date, step: str, happened: str, band: str) -> None:
    count_one_more(session, StepCount, {"day": day, "step": step, "happened": happened, "band": band}, "times")
