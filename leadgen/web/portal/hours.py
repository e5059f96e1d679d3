"""When she wants to be called, told in her zone and in the school's."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from leadgen.geo.zips import ZipError, find_place
from leadgen.web.days import write_clock, write_half
from leadgen.web.translate import gettext, lazy_gettext

TIME_WORDS = {
    "morning": lazy_gettext("Mornings"),
    "afternoon": lazy_gettext("Afternoons"),
    "evening": lazy_gettext("Evenings"),
    "weekend": lazy_gettext("Weekends"),
}
# what we take the words on the form to mean; a weekend is any hour of it
HOURS = {"morning": (8, 12), "afternoon": (12, 17), "evening": (17, 21)}


@dataclass(frozen=True)
class ContactTime:
    """One answer of hers: in words, and its hours there and here (None where it names no hours)."""

    words: str
    there: str | None
    here: str | None


@dataclass(frozen=True)
class Hours:
    """Her contact times, and what the clock says where she is and at the school."""

    times: tuple[ContactTime, ...]
    clock_there: str
    clock_here: str
    same_zone: bool


def tell_hours(times: list[str], zip_code: str, school_zone: str, at: datetime) -> Hours:
    """Her times of the day of ``at``, so that clock changes are heeded. Her zone is that of her ZIP code."""
    zone = _find_zone(zip_code, school_zone)
    told = tuple(_tell(each, ZoneInfo(zone), ZoneInfo(school_zone), at) for each in times)
    there, here = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(school_zone))
    return Hours(told, _clock(there), _clock(here), there.utcoffset() == here.utcoffset())


def _find_zone(zip_code: str, otherwise: str) -> str:
    try:
        return find_place(zip_code).timezone
    except ZipError:
        return otherwise


def _tell(name: str, zone: ZoneInfo, school_zone: ZoneInfo, at: datetime) -> ContactTime:
    words = TIME_WORDS.get(name, name.capitalize())
    if name not in HOURS:
        return ContactTime(words, None, None)
    day = at.astimezone(zone).date()
    ends = [datetime.combine(day, time(hour), zone) for hour in HOURS[name]]
    return ContactTime(words, _span(ends), _span([end.astimezone(school_zone) for end in ends]))


def _span(ends: list[datetime]) -> str:
    first, last = ends
    half = write_half(first)
    return gettext(
        "%(start)s to %(end)s %(zone)s",
        start=_hour(first).removesuffix(f" {half}") if half == write_half(last) else _hour(first),
        end=_hour(last),
        zone=f"{last:%Z}",
    )


def _hour(at: datetime) -> str:
    """`8 AM`, `8:30 AM`; `8:00` where a clock has no halves."""
    clock = write_clock(at)
    return clock.replace(":00", "") if write_half(at) in clock else clock


def _clock(at: datetime) -> str:
    return f"{write_clock(at)} {at:%Z}"
