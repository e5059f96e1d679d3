"""Days and clocks as the reader's language writes them.

A list has many moments, and few different days: each is written once."""

from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from flask_babel import get_locale

ENGLISH = Locale("en")
# a space that no line is broken at, before AM and PM
NARROW_SPACE = "\u202f"
KEPT = 5_000
_LENGTHS = {True: "medium", False: "short"}


def write_day(day: date) -> str:
    """`March 4, 2027`."""
    return _write_day(_bare(day), "long", _find_locale())


def write_short_day(day: date, *, year: bool) -> str:
    """`Mar 4`, or `Mar 4, 2026`."""
    return _write_day(_bare(day), "medium" if year else "", _find_locale())


def write_clock(at: datetime, *, seconds: bool = False) -> str:
    """`4:12 PM`, in the zone of ``at``; `16:12` where people write so."""
    return write_day_and_clock(at, seconds=seconds)[1]


def write_day_and_clock(at: datetime, *, short: bool = False, seconds: bool = False) -> tuple[str, str]:
    """`March 4, 2027` (`Mar 4` where it is ``short``) and `4:12 PM`, for lists, which write many."""
    locale = _find_locale()
    clock = time(at.hour, at.minute, at.second if seconds else 0)
    return _write_day(at.date(), "" if short else "long", locale), _write_clock(clock, _LENGTHS[seconds], locale)


def write_half(at: datetime) -> str:
    """`AM` or `PM`."""
    return format_time(time(at.hour), "a", locale=_find_locale())


@lru_cache(maxsize=KEPT)
def _write_day(day: date, length: str, locale: Locale) -> str:
    return format_date(day, length, locale) if length else str(format_skeleton("MMMd", day, locale=locale))


@lru_cache(maxsize=KEPT)
def _write_clock(clock: time, length: str, locale: Locale) -> str:
    pattern = locale.time_formats[length].pattern
    return format_time(clock, pattern.replace(NARROW_SPACE, " "), locale=locale)


def _bare(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _find_locale() -> Locale:
    return get_locale() or ENGLISH
