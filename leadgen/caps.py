"""Caps: how many leads a school takes in an hour, a day, a week, a month and in all, or how many dollars it spends on
them; itself, or at a part of it. Pure.

A part is a campus or a program of the school. A place is one cap in one period, by name: ``2027-03-04``, ``2027-W09``,
``2027-03`` and ``total`` are those of a whole school, ``campus Aurora 2027-03-04`` is that of a campus, ``$2027-03`` is
the month's money. The periods are those of `leadgen.periods`, on the school's own clock.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadgen.models import School
from leadgen.periods import DAYS, EVERY_DAY, SPAN, Period, is_name_of, name_period, read_days

MOST = 1_000_000
MOST_CENTS = MOST * 100
WHOLE = "school"  # the part that is the whole school
MONEY = "$"  # before an amount in a cap, and before the period in a place that counts cents
_PART = re.compile(
    r"(campus [^:;]{1,200}|[a-z0-9]+(?:-[a-z0-9]+)*) *: *(\d{1,7}|\$ ?\d{1,7}(?:\.\d\d)?)"
    rf" (an hour|a day|a week|a month|in all)(?: on ({SPAN}(?:, ?{SPAN})*))?"
)


class Cap(NamedTuple):
    """At most so many leads in a period, or with ``in_cents`` so many cents. ``part`` is empty for the whole school.
    ``days`` are the days of the week on which it counts, from Monday, 0. ``each`` is what one lead takes of it."""

    part: str
    period: Period
    most: int
    days: frozenset[int] = EVERY_DAY
    in_cents: bool = False
    each: int = 1

    def __str__(self) -> str:
        days = "" if self.days == EVERY_DAY else f" on {', '.join(DAYS[day] for day in sorted(self.days))}"
        return f"{self.part or WHOLE}: {self.amount} {self.period}{days}"

    @property
    def amount(self) -> str:
        """``20``, ``$500``, ``$99.50``."""
        return write_cents(self.most) if self.in_cents else str(self.most)

    def has_room(self, used: int) -> bool:
        """Whether one more lead fits."""
        return used + self.each <= self.most


def list_school_caps(school: School) -> tuple[Cap, ...]:
    """The caps of a school, as `list_caps` gives them."""
    own = (school.daily_cap, school.weekly_cap, school.monthly_cap, school.total_cap)
    return list_caps(*own, school.part_caps, school.price_per_lead_usd)


def list_caps(
    daily: int | None,
    weekly: int | None,
    monthly: int | None,
    total: int | None,
    parts: Iterable[str] | None,
    price: Decimal | None,
) -> tuple[Cap, ...]:
    """The caps that a school's columns set, those of the whole school first. ``price``: dollars per lead."""
    own = zip((Period.day, Period.week, Period.month, Period.total), (daily, weekly, monthly, total), strict=True)
    return (
        *(Cap("", period, most) for period, most in own if most is not None),
        *(_set_price(read_part_cap(each), price) for each in parts or ()),
    )


def _set_price(cap: Cap, price: Decimal | None) -> Cap:
    """A lead without a price, which the database refuses beside a cap in dollars, would fit under none."""
    if not cap.in_cents:
        return cap
    return cap._replace(each=MOST_CENTS + 1 if price is None else int(price * 100))


@lru_cache(maxsize=4096)
def read_part_cap(text: str) -> Cap:
    """``campus Aurora: 5 a day``, ``phlebotomy: 20 a month``, ``school: 3 an hour``, ``school: 0 a day on Sat, Sun``,
    ``school: $500 a month``. Raises ValueError for anything else, and for days of the week where a longer time is
    counted."""
    found = _PART.fullmatch(" ".join(text.split()))
    if not found:
        raise ValueError(text)
    part, period, in_cents = found[1].strip(), Period(found[3]), found[2].startswith(MONEY)
    most = int(Decimal(found[2].strip("$ ")) * (100 if in_cents else 1))
    if most > (MOST_CENTS if in_cents else MOST) or (found[4] and period not in (Period.hour, Period.day)):
        raise ValueError(text)
    days = read_days(found[4]) if found[4] else EVERY_DAY
    return Cap("" if part == WHOLE else part, period, most, days, in_cents)


def write_cents(cents: int) -> str:
    """``$500``, ``$99.50``."""
    return f"{MONEY}{cents / 100:.2f}".removesuffix(".00")


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
    period = (MONEY if cap.in_cents else "") + name_period(cap.period, timezone, at)
    return f"{cap.part} {period}" if cap.part else period


def is_place_of(cap: Cap, place: str) -> bool:
    """Whether a place counts for this cap, in whatever period it was taken."""
    part, _, period = place.rpartition(" ")
    is_same = part == cap.part and cap.in_cents == counts_cents(place)
    return is_same and is_name_of(cap.period, period.removeprefix(MONEY))


def counts_cents(place: str) -> bool:
    """Whether a place counts money."""
    return place.rpartition(" ")[2].startswith(MONEY)
