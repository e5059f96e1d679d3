"""Caps: how many leads a school takes in a day, a week, a month and in all, itself or at a part of it. Pure.

A part is a campus or a program of the school. A place is one cap in one period, by name: ``2027-03-04``, ``2027-W09``,
``2027-03`` and ``total`` are those of a whole school, ``campus Aurora 2027-03-04`` is that of a campus. Days, weeks
(from Monday) and months are those of the school's own time zone. The next midnight is found by date arithmetic there,
so both days on which clocks change come out right.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

MOST = 1_000_000
_PART = re.compile(r"(campus [^:;]{1,200}|[a-z0-9]+(?:-[a-z0-9]+)*) *: *(\d{1,7}) (a day|a week|a month|in all)")


class Period(StrEnum):
    """In what time a cap counts."""

    day = "a day"
    week = "a week"
    month = "a month"
    total = "in all"


class Cap(NamedTuple):
    """At most so many leads in a period. ``part`` is empty for the whole school."""

    part: str
    period: Period
    most: int

    def __str__(self) -> str:
        return f"{self.part}: {self.most} {self.period}"


def list_caps(
    daily: int | None, weekly: int | None, monthly: int | None, total: int | None, parts: Iterable[str] | None
) -> tuple[Cap, ...]:
    """The caps that a school's columns set, those of the whole school first."""
    own = zip(Period, (daily, weekly, monthly, total), strict=True)
    return (
        *(Cap("", period, most) for period, most in own if most is not None),
        *(read_part_cap(each) for each in parts or ()),
    )


@lru_cache(maxsize=4096)
def read_part_cap(text: str) -> Cap:
    """``campus Aurora: 5 a day``, ``phlebotomy: 20 a month``. Raises ValueError for anything else."""
    found = _PART.fullmatch(" ".join(text.split()))
    if not found or int(found[2]) > MOST:
        raise ValueError(text)
    return Cap(found[1].strip(), Period(found[3]), int(found[2]))


def name_campus(name: str) -> str:
    """A campus as a part."""
    return f"campus {name}"


def name_place(cap: Cap, timezone: str, at: datetime) -> str:
    """The place that a cap counts at this moment."""
    period = name_period(cap.period, timezone, at)
    return f"{cap.part} {period}" if cap.part else period


def name_period(period: Period, timezone: str, at: datetime) -> str:
    """``2027-03-04``, ``2027-W09``, ``2027-03`` or ``total``."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    match period:
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
    Period.day: re.compile(r"\d{4}-\d\d-\d\d"),
    Period.week: re.compile(r"\d{4}-W\d\d"),
    Period.month: re.compile(r"\d{4}-\d\d"),
    Period.total: re.compile("total"),
}


def find_next(period: Period, timezone: str, at: datetime) -> datetime:
    """When room may come again, in UTC: the start of the next period. Of a cap in all that is the next day, when
    somebody may have raised it."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    match period:
        case Period.week:
            day += timedelta(days=7 - day.weekday())
        case Period.month:
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case _:
            day += timedelta(days=1)
    return find_midnight(timezone, day)


def find_midnight(timezone: str, day: date) -> datetime:
    """When a day begins in a zone, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(timezone)).astimezone(UTC)
