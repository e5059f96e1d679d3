"""The days and months of caps, on the days when clocks change and at the ends of months and years."""

from datetime import UTC, datetime

import pytest

from leadgen.delivery.slots import find_next_day, find_next_month

CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    ("at", "next_day", "next_month"),
    [
        # clocks go forward on 14 March 2027: that day has 23 hours
        ("2027-03-14T06:00", "2027-03-15T05:00", "2027-04-01T05:00"),
        # clocks go back on 7 November 2027: that day has 25 hours
        ("2027-11-07T05:00", "2027-11-08T06:00", "2027-12-01T06:00"),
        ("2027-11-08T05:59", "2027-11-08T06:00", "2027-12-01T06:00"),
        ("2027-12-31T23:00", "2028-01-01T06:00", "2028-01-01T06:00"),
        ("2028-02-29T12:00", "2028-03-01T06:00", "2028-03-01T06:00"),
    ],
)
def test_the_next_day_and_month_begin_at_the_schools_midnight(at: str, next_day: str, next_month: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert find_next_day(CHICAGO, moment) == datetime.fromisoformat(next_day).replace(tzinfo=UTC)
    assert find_next_month(CHICAGO, moment) == datetime.fromisoformat(next_month).replace(tzinfo=UTC)
