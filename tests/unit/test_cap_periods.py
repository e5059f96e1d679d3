"""The days and months of caps, on the days when clocks change and at the ends of months and years."""

from datetime import UTC, datetime

import pytest

from leadgen.caps import Cap, is_place_of, read_part_cap
from leadgen.periods import Period, find_next, name_period

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
    assert find_next(Period.day, CHICAGO, moment) == datetime.fromisoformat(next_day).replace(tzinfo=UTC)
    assert find_next(Period.month, CHICAGO, moment) == datetime.fromisoformat(next_month).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "week", "next_week"),
    [
        # Sunday night, an hour before Monday in Chicago
        ("2027-03-15T04:59", "2027-W10", "2027-03-15T05:00"),
        ("2027-03-15T05:00", "2027-W11", "2027-03-22T05:00"),
        # the first days of a year may belong to the last week of the one before
        ("2027-01-01T12:00", "2026-W53", "2027-01-04T06:00"),
    ],
)
def test_a_week_begins_on_the_schools_own_monday(at: str, week: str, next_week: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert name_period(Period.week, CHICAGO, moment) == week
    assert find_next(Period.week, CHICAGO, moment) == datetime.fromisoformat(next_week).replace(tzinfo=UTC)


def test_a_place_is_known_by_its_cap_in_whatever_period() -> None:
    aurora = read_part_cap("campus Aurora North:  5 a day")
    assert aurora == Cap("campus Aurora North", Period.day, 5)
    assert is_place_of(aurora, "campus Aurora North 2027-03-04")
    for other in ("2027-03-04", "campus Aurora 2027-03-04", "campus Aurora North 2027-03", "phlebotomy 2027-03-04"):
        assert not is_place_of(aurora, other)
    assert is_place_of(Cap("", Period.total, 9), "total")


@pytest.mark.parametrize("text", ["5 a day", "phlebotomy: 5 a year", "phlebotomy: -1 a day", "x: 9999999 a day"])
def test_what_is_no_cap_of_a_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_part_cap(text)
