"""The times in which a cap counts, on a school's own clock: an hour, a day, a week, a month, all time. Pure.

Hours, days, weeks (from Monday) and months are those of the school's own time zone. The next midnight is found by date
arithmetic there, so both days on which clocks change come out right; an hour is named with its offset, since one comes
twice.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY = frozenset(range(len(DAYS)))
DAY = "(?:" + "|".join(DAYS) + ")"
SPAN = f"{DAY}(?:-{DAY})?"


class Period(StrEnum):
    """In what time a cap counts."""

    hour = "an hour"
    day = "a day"
    week = "a week"
    month = "a month"
    total = "in all"


_NAMES = {
    Period.hour: re.compile(r"\d{4}-\d\d-\d\dT\d\d[+-]\d{4}"),
    Period.day: re.compile(r"\d{4}-\d\d-\d\d"),
    Period.week: re.compile(r"\d{4}-W\d\d"),
    Period.month: re.compile(r"\d{4}-\d\d"),
    Period.total: re.compile("total"),
}


def read_days(text: str) -> frozenset[int]:
    """``Mon-Fri``, ``Sat, Sun``; ``Fri-Mon`` goes over the end of the week."""
    days: set[int] = set()
    for span in text.replace(" ", "").split(","):
        first, _, last = span.partition("-")
        start = DAYS.index(first)
        days |= {(start + each) % 7 for each in range((DAYS.index(last or first) - start) % 7 + 1)}
    return frozenset(days)


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


def is_name_of(period: Period, name: str) -> bool:
    """Whether this names such an hour, day, week or month."""
    return _NAMES[period].fullmatch(name) is not None


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
