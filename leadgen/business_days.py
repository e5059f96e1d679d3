"""Business days: weekdays that are no federal holiday; and by when a withdrawn consent has to be honored. Pure.

47 CFR 64.1200(a)(10): a request to revoke consent is honored within a reasonable time, ten business days from its
receipt at most (https://www.ecfr.gov/current/title-47/section-64.1200).
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadgen.hours import list_holidays

DAYS_TO_HONOR = 10
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Deadline(NamedTuple):
    """The last day on which it is in time, and how many business days are left after today until then."""

    day: date
    days_left: int
    is_over: bool


def find_deadline(withdrawn_at: datetime, timezone: str, at: datetime) -> Deadline:
    """By when a school has to have heard of a withdrawal, by its own clock, as it stands ``at`` that moment. The day on
    which she withdrew is not counted."""
    zone = ZoneInfo(timezone)
    day, today = withdrawn_at.astimezone(zone).date(), at.astimezone(zone).date()
    for _ in range(DAYS_TO_HONOR):
        day = find_next_business_day(day)
    return Deadline(day, count_business_days(today, day), today > day)


def find_next_business_day(day: date) -> date:
    """The first business day after this day."""
    day += ONE_DAY
    while not is_business_day(day):
        day += ONE_DAY
    return day


def count_business_days(after: date, until: date) -> int:
    """How many business days come after the one day until the other, which counts too."""
    return sum(is_business_day(after + timedelta(days=number)) for number in range(1, (until - after).days + 1))


def is_business_day(day: date) -> bool:
    """Whether it is neither on a weekend nor a federal holiday, on the day on which that is observed."""
    return day.weekday() < SATURDAY and day not in list_holidays(day.year)
