"""Moments as people read them: with the zone, or as an age."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from leadgen.web.translate import gettext

DAYS_IN_HOURS = 2  # ages under two days are told in hours


def register(app: Flask) -> None:
    """Give the templates the filters `moment`, `short_moment` and `age`."""
    app.add_template_filter(write_moment, "moment")
    app.add_template_filter(write_age, "age")
    app.add_template_filter(write_short_moment, "short_moment")


def write_moment(at: datetime | None, zone: str = "UTC", *, seconds: bool = False) -> str:
    """`March 4, 2027, 4:12 PM CST` in a time zone; `never` for None."""
    if at is None:
        return gettext("never")
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%I:%M:%S %p}" if seconds else f"{local:%I:%M %p}"
    return f"{local:%B} {local.day}, {local.year}, {clock.lstrip('0')} {local:%Z}"


def write_short_moment(at: datetime, now: datetime) -> str:
    """`Mar 4, 4:12 PM UTC`, or `Mar 4, 2026` in another year: where a list has little room."""
    at = at.astimezone(UTC)
    if at.year != now.astimezone(UTC).year:
        return f"{at:%b} {at.day}, {at.year}"
    clock = f"{at:%I:%M %p}".lstrip("0")
    return f"{at:%b} {at.day}, {clock} UTC"


def write_age(at: datetime | None, now: datetime) -> str:
    """How long ago, roughly: `40 s`, `12 min`, `3 h`, `5 days`; empty for None."""
    if at is None:
        return ""
    passed = max(now - at, timedelta(0))
    if passed < timedelta(minutes=1):
        return f"{passed.seconds} s"
    if passed < timedelta(hours=1):
        return gettext("%(minutes)s min", minutes=passed.seconds // 60)
    if passed < timedelta(days=DAYS_IN_HOURS):
        return f"{passed // timedelta(hours=1)} h"
    return gettext("%(days)s days", days=passed.days)
