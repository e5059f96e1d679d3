"""Business days, and the ten of them within which a withdrawal has to be honored."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.business_days import Deadline, count_business_days, find_deadline, find_next_business_day, is_business_day

CHICAGO = "America/Chicago"


def noon(*day: int) -> datetime:
    return datetime(*day, 18, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("withdrawn", "due"),
    [
        ((2027, 3, 4), (2027, 3, 18)),  # a Thursday, and no holiday between
        ((2026, 11, 24), (2026, 12, 9)),  # Thanksgiving between
        ((2027, 3, 6), (2027, 3, 19)),  # a Saturday counts no more than the Friday before
        ((2027, 6, 30), (2027, 7, 15)),  # Independence Day is a Sunday, observed on Monday
        ((2026, 12, 18), (2027, 1, 5)),  # Christmas and New Year's Day, over the turn of the year
        ((2027, 12, 22), (2028, 1, 7)),  # both on Saturdays, observed on the Fridays before
    ],
)
def test_it_is_due_on_the_tenth_business_day(withdrawn: tuple[int, ...], due: tuple[int, int, int]) -> None:
    assert find_deadline(noon(*withdrawn), CHICAGO, noon(*withdrawn)).day == date(*due)


@pytest.mark.parametrize(
    ("at", "days_left", "is_over"),
    [
        ((2026, 11, 24), 10, False),
        ((2026, 11, 25), 9, False),
        ((2026, 11, 26), 9, False),  # Thanksgiving
        ((2026, 11, 27), 8, False),
        ((2026, 11, 29), 8, False),  # a Sunday
        ((2026, 12, 8), 1, False),
        ((2026, 12, 9), 0, False),
        ((2026, 12, 10), 0, True),
        ((2027, 2, 1), 0, True),
    ],
)
def test_what_is_left_is_counted_in_business_days(at: tuple[int, ...], days_left: int, is_over: bool) -> None:
    assert find_deadline(noon(2026, 11, 24), CHICAGO, noon(*at)) == Deadline(date(2026, 12, 9), days_left, is_over)


def test_days_are_those_of_the_school() -> None:
    late_evening = datetime(2027, 3, 5, 5, 30, tzinfo=UTC)  # Thursday 23:30 in Chicago, Friday in New York
    assert find_deadline(late_evening, CHICAGO, late_evening).day == date(2027, 3, 18)
    assert find_deadline(late_evening, "America/New_York", late_evening).day == date(2027, 3, 19)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(0, 60))
def test_counting_and_stepping_agree(day: date, steps: int) -> None:
    until = day
    for _ in range(steps):
        until = find_next_business_day(until)
        assert is_business_day(until)
    assert count_business_days(day, until) == steps
    assert until - day >= timedelta(days=steps)
