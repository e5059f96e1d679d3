"""Opening hours, read and asked, on days on which clocks change too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.hours import find_opening, is_open, list_holidays, read_hours

WEEK = ("Mon-Fri 9:00-17:00", "Sat 10:00-14:00", "not federal holidays", "not 2027-12-24")
CHICAGO = "America/Chicago"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (utc(2027, 3, 4, 15, 0), True),  # Thursday, 9:00
        (utc(2027, 3, 4, 14, 59), False),
        (utc(2027, 3, 4, 22, 59), True),
        (utc(2027, 3, 4, 23, 0), False),
        (utc(2027, 3, 6, 17, 0), True),  # Saturday, 11:00
        (utc(2027, 3, 7, 17, 0), False),  # Sunday
        (utc(2027, 5, 31, 17, 0), False),  # Memorial Day
        (utc(2027, 7, 5, 17, 0), False),  # Independence Day was a Sunday
        (utc(2027, 12, 23, 17, 0), True),
        (utc(2027, 12, 24, 17, 0), False),
    ],
)
def test_a_week_with_holidays(at: datetime, opens: bool) -> None:
    assert is_open(WEEK, CHICAGO, at) == opens


def test_new_years_day_on_a_saturday_is_kept_on_the_friday_of_the_year_before() -> None:
    assert date(2027, 12, 31) in list_holidays(2027)


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (utc(2027, 3, 4, 23, 30), utc(2027, 3, 5, 15, 0)),
        (utc(2027, 3, 13, 20, 30), utc(2027, 3, 15, 14, 0)),  # over the night on which clocks go forward
        (utc(2027, 11, 6, 19, 30), utc(2027, 11, 8, 15, 0)),  # and back
        (utc(2027, 12, 23, 23, 30), utc(2027, 12, 27, 15, 0)),
        (utc(2027, 3, 4, 12, 1), utc(2027, 3, 4, 15, 0)),
    ],
)
def test_it_opens_next(at: datetime, opening: datetime) -> None:
    assert find_opening(WEEK, CHICAGO, at) == opening


def test_an_opening_within_the_hour_that_is_left_out_is_when_clocks_have_gone_forward() -> None:
    assert find_opening(("Sun 2:30-6:00",), CHICAGO, utc(2027, 3, 14, 7, 0)) == utc(2027, 3, 14, 8, 0)


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    early = ("Sun 1:00-1:30",)
    opened = [is_open(early, CHICAGO, utc(2027, 11, 7, hour, 15)) for hour in (5, 6, 7, 8)]
    assert opened == [False, True, True, False]
    assert find_opening(early, CHICAGO, utc(2027, 11, 7, 6, 45)) == utc(2027, 11, 7, 7, 0)


@given(
    st.sampled_from([CHICAGO, "America/St_Johns", "Pacific/Guam", "Pacific/Honolulu"]),
    st.sampled_from([utc(2027, 3, 12), utc(2027, 11, 5)]),
    st.integers(0, 4 * 24 * 60),
    st.sampled_from([WEEK, ("Sun 1:00-3:15",), ("Mon, Sun 0:00-24:00",), ("not 2027-03-14",)]),
)
def test_it_is_closed_until_the_opening_that_is_found(
    zone: str, start: datetime, minutes: int, hours: tuple[str, ...]
) -> None:
    at = start + timedelta(minutes=minutes)
    opening = find_opening(hours, zone, at)
    assert opening
    assert opening > at
    assert is_open(hours, zone, opening)
    if not is_open(hours, zone, at):
        closed = range(0, int((opening - at).total_seconds() // 60), 5)
        assert not any(is_open(hours, zone, at + timedelta(minutes=each)) for each in closed)


def test_one_that_never_opens() -> None:
    assert (
        find_opening(
            ("Mon 9:00-10:00", *(f"not {date(2027, 3, 1) + timedelta(days=7 * n)}" for n in range(54))),
            CHICAGO,
            utc(2027, 3, 1, 17, 0),
        )
        is None
    )


def test_days_off_alone_leave_all_other_hours_open() -> None:
    assert is_open(("not 2027-03-04",), CHICAGO, utc(2027, 3, 5, 9, 0))
    assert not is_open(("not 2027-03-04",), CHICAGO, utc(2027, 3, 4, 9, 0))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "Mon",
        "9:00-17:00",
        "Mon 17:00-9:00",
        "Mon 9:05-17:00",
        "Mon 9:00-24:15",
        "not 2027-02-30",
        "not soon",
        "Mo 9:00-17:00",
    ],
)
def test_what_is_not_understood(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^$|[a-z0-9]"):
        read_hours(wrong)


def test_it_is_spelled_as_it_is_read() -> None:
    spelled = [
        str(read_hours(each))
        for each in ("Mon-Fri  09:00-17:00", "Sat 8:15-24:00", "not federal holidays", "not 2027-12-24")
    ]
    assert spelled == ["Mon, Tue, Wed, Thu, Fri 9:00-17:00", "Sat 8:15-24:00", "not federal holidays", "not 2027-12-24"]
    assert [str(read_hours(each)) for each in spelled] == spelled
