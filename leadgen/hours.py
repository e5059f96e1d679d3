"""Opening hours: when a school wants its leads. Pure.

They are a list of spans and of days off, in the school's own time zone: ``Mon-Fri 9:00-17:00``, ``Sat 10:00-14:00``,
``not federal holidays``, ``not 2027-12-24``. Times are quarters of an hour: so do all clocks change, and so the next
opening is found by looking at each quarter in turn, which is right on both days on which they change.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadgen.periods import DAYS, read_days

QUARTER = timedelta(minutes=15)
DAY_MINUTES = 24 * 60
# a school that does not open within a year never does
HORIZON = timedelta(days=366)
NOT_HOLIDAYS = "not federal holidays"

_DAYS = "(?:" + "|".join(DAYS) + ")"
_SPAN = re.compile(
    rf"({_DAYS}(?:-{_DAYS})?(?:, ?{_DAYS}(?:-{_DAYS})?)*) (\d{{1,2}}):(00|15|30|45)-(\d{{1,2}}):(00|15|30|45)"
)
_DAY_OFF = re.compile(r"not (\d{4}-\d\d-\d\d)")


class Span(NamedTuple):
    """Open on these days of the week, from Monday, 0, from a minute of the day to before another."""

    days: frozenset[int]
    opens: int
    closes: int

    def __str__(self) -> str:
        days = ", ".join(DAYS[day] for day in sorted(self.days))
        return f"{days} {_spell_time(self.opens)}-{_spell_time(self.closes)}"


class DayOff(NamedTuple):
    """Closed on that day, or on each federal holiday of the United States where no day is given."""

    day: date | None

    def __str__(self) -> str:
        return f"not {self.day}" if self.day else NOT_HOLIDAYS


@lru_cache(maxsize=4096)
def read_hours(text: str) -> Span | DayOff:
    """One item of the list. Raises ValueError for anything else."""
    text = " ".join(text.split())
    if text == NOT_HOLIDAYS:
        return DayOff(None)
    if found := _DAY_OFF.fullmatch(text):
        return DayOff(date.fromisoformat(found[1]))
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(text)
    opens, closes = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if not opens < closes <= DAY_MINUTES:
        raise ValueError(text)
    return Span(read_days(found[1]), opens, closes)


def is_open(hours: Iterable[str], timezone: str, at: datetime) -> bool:
    """Whether the school is open at this moment. One without spans is, but for its days off."""
    local = at.astimezone(ZoneInfo(timezone))
    items = [read_hours(each) for each in hours]
    if any(_is_off(each, local.date()) for each in items if isinstance(each, DayOff)):
        return False
    spans = [each for each in items if isinstance(each, Span)]
    minute = local.hour * 60 + local.minute
    return not spans or any(local.weekday() in each.days and each.opens <= minute < each.closes for each in spans)


def find_opening(hours: Iterable[str], timezone: str, at: datetime) -> datetime | None:
    """The first quarter of an hour after ``at``, in UTC, at which it is open; None where that is not within a year."""
    items = tuple(hours)
    quarter = at.astimezone(UTC).replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
    until = at + HORIZON
    while (quarter := quarter + QUARTER) <= until:
        if is_open(items, timezone, quarter):
            return quarter
    return None


def _is_off(item: DayOff, day: date) -> bool:
    return item.day == day if item.day else day in list_holidays(day.year)


@lru_cache(maxsize=16)
def list_holidays(year: int) -> frozenset[date]:
    """The federal holidays (5 U.S.C. 6103) on the days on which they are observed; New Year's Day may be that on the
    last day of the year before."""
    import holidays  # noqa: PLC0415 - 3 MB, and few schools close on them

    return frozenset(holidays.country_holidays("US", years=[year, year + 1]))


def _spell_time(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
