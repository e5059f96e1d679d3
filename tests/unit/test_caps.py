"""Caps as they are written, and the places that they count."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leadgen.caps import Cap, counts_cents, is_place_of, list_caps, list_places, read_part_cap
from leadgen.periods import EVERY_DAY, Period, find_next

CHICAGO = "America/Chicago"
WEEKEND, WORKDAYS = frozenset({5, 6}), frozenset(range(5))


@pytest.mark.parametrize(
    ("text", "cap", "written"),
    [
        ("campus Aurora: 5 a day", Cap("campus Aurora", Period.day, 5), "campus Aurora: 5 a day"),
        ("phlebotomy: 20 a month", Cap("phlebotomy", Period.month, 20), "phlebotomy: 20 a month"),
        ("school: 3 an hour", Cap("", Period.hour, 3), "school: 3 an hour"),
        ("school:0 a day on Sat, Sun", Cap("", Period.day, 0, WEEKEND), "school: 0 a day on Sat, Sun"),
        ("school: 9 a day on Mon-Fri", Cap("", Period.day, 9, WORKDAYS), "school: 9 a day on Mon, Tue, Wed, Thu, Fri"),
        ("school: $500 a month", Cap("", Period.month, 50000, in_cents=True), "school: $500 a month"),
        ("phlebotomy:$99.50 in all", Cap("phlebotomy", Period.total, 9950, in_cents=True), "phlebotomy: $99.50 in all"),
        ("school: $ 50 a day on Fri", Cap("", Period.day, 5000, frozenset({4}), True), "school: $50 a day on Fri"),
        ("school: 1 an hour on Sat-Mon", Cap("", Period.hour, 1, WEEKEND | {0}), "school: 1 an hour on Mon, Sat, Sun"),
    ],
)
def test_a_cap_is_read_as_written_and_written_as_read(text: str, cap: Cap, written: str) -> None:
    assert read_part_cap(text) == cap
    assert str(cap) == written
    assert read_part_cap(written) == cap


@pytest.mark.parametrize(
    "text",
    [
        "school: $5.5 a day",
        "school: 5.50 a day",
        "school: $1000000.01 in all",
        "school: 5 a week on Mon",
        "school: 5 a day on Monday",
        "school: a day",
        "5 a day",
        "school: 5 a day on",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        read_part_cap(text)


def name_places(at: datetime, *texts: str, daily: int | None = None) -> dict[str, int]:
    caps = list_caps(daily, None, None, None, texts, None)
    return {place: cap.most for place, cap in list_places(caps, CHICAGO, at).items()}


def test_days_of_the_week_are_those_of_the_school() -> None:
    late_on_friday = datetime(2027, 3, 6, 5, 30, tzinfo=UTC)  # half past eleven at night in Chicago
    assert name_places(late_on_friday, "school: 0 a day on Sat, Sun", "school: 9 a day on Mon-Fri") == {"2027-03-05": 9}
    assert name_places(late_on_friday.replace(hour=6), "school: 0 a day on Sat, Sun") == {"2027-03-06": 0}


def test_of_two_that_count_the_same_the_smaller_holds() -> None:
    friday = datetime(2027, 3, 5, 18, tzinfo=UTC)
    assert name_places(friday, "school: 9 a day on Mon-Fri", daily=20) == {"2027-03-05": 9}
    assert name_places(friday, "school: 30 a day on Mon-Fri", daily=20) == {"2027-03-05": 20}


def test_the_hour_that_comes_twice_is_two() -> None:
    summer, winter = (datetime(2027, 11, 7, hour, 30, tzinfo=UTC) for hour in (6, 7))
    assert {each.astimezone(ZoneInfo(CHICAGO)).hour for each in (summer, winter)} == {1}
    places = [next(iter(name_places(each, "school: 3 an hour"))) for each in (summer, winter)]
    assert places == ["2027-11-07T01-0500", "2027-11-07T01-0600"]
    assert all(is_place_of(Cap("", Period.hour, 3), place) for place in places)
    assert not is_place_of(Cap("", Period.day, 3), places[0])


@pytest.mark.parametrize(
    ("zone", "expected"),
    [(CHICAGO, datetime(2027, 3, 5, 19, tzinfo=UTC)), ("Asia/Kolkata", datetime(2027, 3, 5, 18, 30, tzinfo=UTC))],
)
def test_room_comes_again_with_the_next_hour_on_the_schools_clock(zone: str, expected: datetime) -> None:
    assert find_next(Period.hour, zone, datetime(2027, 3, 5, 18, 12, 7, tzinfo=UTC)) == expected


def test_every_day_is_what_is_meant_where_no_day_is_named() -> None:
    assert read_part_cap("school: 3 an hour").days == EVERY_DAY


def test_leads_and_dollars_of_one_time_are_two_places() -> None:
    friday = datetime(2027, 3, 5, 18, tzinfo=UTC)
    assert name_places(friday, "school: 9 a day", "school: $40 a day", "campus Aurora: $30 a month") == {
        "2027-03-05": 9,
        "$2027-03-05": 4000,
        "campus Aurora $2027-03": 3000,
    }
    leads, money = Cap("", Period.day, 9), Cap("", Period.day, 4000, in_cents=True)
    assert is_place_of(money, "$2027-03-05")
    assert not is_place_of(leads, "$2027-03-05")
    assert not is_place_of(money, "2027-03-05")
    assert [counts_cents(place) for place in ("campus Ca$h 2027-03", "campus Aurora $2027-03")] == [False, True]


@pytest.mark.parametrize(("price", "used", "fits"), [("37.50", 0, True), ("37.50", 251, False), (None, 0, False)])
def test_a_cap_in_dollars_has_room_for_what_a_lead_costs(price: str | None, used: int, fits: bool) -> None:
    (cap,) = list_caps(None, None, None, None, ["school: $40 a day"], Decimal(price) if price else None)
    assert cap.has_room(used) == fits
