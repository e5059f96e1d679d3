"""Caps: how many leads a school takes in an hour, a day, a week, a month and in all, itself or at a part of it. Pure.

A part is a campus or a program of the school. A place is one cap in one period, by name: ``2027-03-04``, ``2027-W09``,
``2027-03`` and ``total`` are those of a whole school, ``campus Aurora 2027-03-04`` is that of a campus. Hours, days,
weeks (from Monday) and months are those of the school's own time zone. The next midnight is found by date arithmetic
there, so both days on which clocks change come out right; an hour is named with its offset, since one comes twice.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

MOST = 1_000_000
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY = frozenset(range(len(DAYS)))
WHOLE = "school"  # the part that is the whole school
_DAY = "(?:" + "|".join(DAYS) + ")"
_SPAN = f"{_DAY}(?:-{_DAY})?"
_PART = re.compile(
    r"(campus [^:;]{1,200}|[a-z0-9]+(?:-[a-z0-9]+)*) *: *(\d{1,7}) (an hour|a day|a week|a month|in all)"
    rf"(?: on ({_SPAN}(?:, ?{_SPAN})*))?"
)


class Period(StrEnum):
    """In what time a cap counts."""

    hour = "an hour"
    day = "a day"
    week = "a week"
    month = "a month"
    total = "in all"


class Cap(NamedTuple):
    """At most so many leads in a period. ``part`` is empty for the whole school. ``days`` are the days of the week on
    which it counts, from Monday, 0."""

    part: str
    period: Period
    most: int
    days: frozenset[int] = EVERY_DAY

    def __str__(self) -> str:
        days = "" if self.days == EVERY_DAY else f" on {', '.join(DAYS[day] for day in sorted(self.days))}"
        return f"{self.part or WHOLE}: {self.most} {self.period}{days}"


def list_caps(
    daily: int | None, weekly: int | None, monthly: int | None, total: int | None, parts: Iterable[str] | None
) -> tuple[Cap, ...]:
    """The caps that a school's columns set, those of the whole school first."""
    own = zip((Period.day, Period.week, Period.month, Period.total), (daily, weekly, monthly, total), strict=True)
    return (
        *(Cap("", period, most) for period, most in own if most is not None),
        *(read_part_cap(each) for each in parts or ()),
    )


@lru_cache(maxsize=4096)
def read_part_cap(text: str) -> Cap:
    """``campus Aurora: 5 a day``, ``phlebotomy: 20 a month``, ``school: 3 an hour``, ``school: 0 a day on Sat, Sun``.
    Raises ValueError for anything else, and for days of the week where a longer time is counted."""
    found = _PART.fullmatch(" ".join(text.split()))
    if not found or int(found[2]) > MOST:
        raise ValueError(text)
    part, period = found[1].strip(), Period(found[3])
    if found[4] and period not in (Period.hour, Period.day):
        raise ValueError(text)
    return Cap("" if part == WHOLE else part, period, int(found[2]), _read_days(found[4]) if found[4] else EVERY_DAY)


def _read_days(text: str) -> frozenset[int]:
    """``Mon-Fri``, ``Sat, Sun``; ``Fri-Mon`` goes over the end of the week."""
    days: set[int] = set()
    for span in text.replace(" ", "").split(","):
        first, _, last = span.partition("-")
        start = DAYS.index(first)
        days |= {(start + each) % 7 for each in range((DAYS.index(last or first) - start) % 7 + 1)}
    return frozenset(days)


def name_campus(name: str) -> str:
    """A campus as a part."""
    return f"campus {name}"


def list_places(caps: Iterable[Cap], timezone: str, at: datetime) -> dict[str, Cap]:
    """The caps that count at this moment, by the place that each counts. Of two that count the same, the smaller."""
    today = at.astimezone(ZoneInfo(timezone)).weekday()
    places: dict[str, Cap] = {}
    for cap in sorted(caps, key=lambda each: -each.most):
        if today in cap.days:
            places[name_place(cap, timezone, at)] = cap
    return places


def name_place(cap: Cap, timezone: str, at: datetime) -> str:
    """The place that a cap counts at this moment."""
    period = name_period(cap.period, timezone, at)
    return f"{cap.part} {period}" if cap.part else period


def name_period(period: Period, timezone: str, at: datetime) -> str:
    """``2027-03-04T15-0600``, ``2027-03-04``, ``2027-W09``, ``2027-03`` or ``total``."""
    local = at.astimezone(ZoneInfo(timezone))
    day = local.date()
    match period:
        case Period.hour:
            return f"{local:%Y-%m-%dT%H%z}"
        case Period.day:
            return day.isoformat()
        case Period.week:
            return f"{day:%G-W%V}"
        case Period.month:
            return f"{day:%Y-%m}"
        case Period.total:
            return "total"


def is_place_of(cap: Cap, place: str) -> bool:
    """Whether a place counts for this cap, in whatever period it was taken."""
    part, _, period = place.rpartition(" ")
    return part == cap.part and _KINDS[cap.period].fullmatch(period) is not None


_KINDS = {
    Period.hour: re.compile(r"\d{4}-\d\d-\d\dT\d\d[+-]\d{4}"),
    Period.day: re.compile(r"\d{4}-\d\d-\d\d"),
    Period.week: re.compile(r"\d{4}-W\d\d"),
    Period.month: re.compile(r"\d{4}-\d\d"),
    Period.total: re.compile("total"),
}


def find_next(period: Period, timezone: str, at: datetime) -> datetime:
    """When room may come again, in UTC: the start of the next period. Of a cap in all that is the next day, when
    somebody may have raised it."""
    if period is Period.hour:
        return _find_next_hour(at.astimezone(ZoneInfo(timezone)))
    day = at.astimezone(ZoneInfo(timezone)).date()
    match period:
        case Period.week:
            day += timedelta(days=7 - day.weekday())
        case Period.month:
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case _:
            day += timedelta(days=1)
    return find_midnight(timezone, day)


def _find_next_hour(local: datetime) -> datetime:
    """The next full hour on the school's clock, of which some stand half an hour apart from ours."""
    rest = timedelta(hours=1) - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return local.astimezone(UTC) + rest


def find_midnight(timezone: str, day: date) -> datetime:
    """When a day begins in a zone, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(timezone)).astimezone(UTC)
