"""Moments as people read them, in their language: with the zone, or as an age."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from leadgen.business_days import find_deadline
from leadgen.web.days import write_day_and_clock, write_short_day
from leadgen.web.translate import gettext

DAYS_IN_HOURS = 2  # ages under two days are told in hours


def register(app: Flask) -> None:
    """Give the templates the filters `moment`, `short_moment`, `age` and `deadline`."""
    app.add_template_filter(write_moment, "moment")
    app.add_template_filter(write_age, "age")
    app.add_template_filter(write_short_moment, "short_moment")
    app.add_template_filter(find_deadline, "deadline")


def write_moment(at: datetime | None, zone: str = "UTC", *, seconds: bool = False) -> str:
    """`March 4, 2027, 4:12 PM CST` in a time zone; `never` for None."""
    if at is None:
        return gettext("never")
    local = at.astimezone(ZoneInfo(zone))
    day, clock = write_day_and_clock(local, seconds=seconds)
    return f"{day}, {clock} {local.tzname()}"


def write_short_moment(at: datetime, now: datetime) -> str:
    """`Mar 4, 4:12 PM UTC`, or `Mar 4, 2026` in another year: where a list has little room."""
    at = at.astimezone(UTC)
    if at.year != now.astimezone(UTC).year:
        return write_short_day(at, year=True)
    day, clock = write_day_and_clock(at, short=True)
    return f"{day}, {clock} UTC"


def write_age(at: datetime | None, now: datetime) -> str:
    """How long ago, roughly: `40 s`, `12 min`, `3 h`, `5 days`; empty for None."""
    if at is None:
        return ""
    passed = max(now - at, timedelta(0))
    if passed < timedelta(minutes=1):
        return gettext("%(seconds)s s", seconds=passed.seconds)
    if passed < timedelta(hours=1):
        return gettext("%(minutes)s min", minutes=passed.seconds // 60)
    if passed < timedelta(days=DAYS_IN_HOURS):
        return gettext("%(hours)s h", hours=passed // timedelta(hours=1))
    return gettext("%(days)s days", days=passed.days)
