"""Cells: the text between two commas, read as a value of its kind.

Each reader takes a cell that is not empty, and gives its value or raises CellError.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadgen.caps import read_part_cap
from leadgen.hours import read_hours
from leadgen.marks import say

MAX_CHARACTERS = 300
MOST_PRICE_USD = 10_000

_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS FM GU MH MP PR PW VI"
)
STATES = frozenset(_STATE_CODES.split())

_ZIP_AREA = re.compile(r"\d{5}|\d{3}\*", re.ASCII)

Reader = Callable[[str], Any]


class CellError(ValueError):
    """The cell holds something else. The message says what is expected."""

    @property
    def expected(self) -> str:
        """What belongs there, as it was said."""
        words: str = self.args[0]
        return words


def text(cell: str) -> str:
    """One line of text."""
    if len(cell) > MAX_CHARACTERS:
        raise CellError(say("at most %(most)s characters", most=MAX_CHARACTERS))
    if not cell.isprintable():
        raise CellError(say("one line of text without control characters"))
    return cell


def matching(pattern: str, expected: str) -> Reader:
    """A reader of text that fits a pattern as a whole."""
    compiled = re.compile(pattern, re.ASCII)

    def read(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise CellError(expected)
        return cell

    return read


identity = matching(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", say("letters, digits, hyphens, dots and underscores, at most 100")
)
slug = matching(r"[a-z0-9]+(-[a-z0-9]+)*", say("words in small letters joined by hyphens, like medical-assistant"))
unitid = matching(r"\d{6}", say("the six digits of the school's federal UNITID"))
zip_code = matching(r"\d{5}(-\d{4})?", say("a ZIP code of five digits, or five, a hyphen and four"))


def one_of(kind: type[StrEnum]) -> Reader:
    """A reader of one member of an enumeration."""
    members = {member.value: member for member in kind}

    def read(cell: str) -> StrEnum:
        try:
            return members[cell]
        except KeyError:
            raise CellError(say("one of %(members)s", members=", ".join(members))) from None

    return read


def whole(low: int, high: int) -> Reader:
    """A reader of whole numbers from ``low`` to ``high``."""
    expected = say("a whole number from %(low)s to %(high)s", low=low, high=f"{high:,}")
    read_digits = matching(r"\d{1,9}", expected)

    def read(cell: str) -> int:
        number = int(read_digits(cell))
        if not low <= number <= high:
            raise CellError(expected)
        return number

    return read


def degrees(limit: int) -> Reader:
    """A reader of decimal degrees from ``-limit`` to ``limit``."""
    expected = say("decimal degrees from -%(limit)s to %(limit)s", limit=limit)
    read_decimal = matching(r"-?\d{1,3}(\.\d{1,15})?", expected)

    def read(cell: str) -> float:
        value = float(read_decimal(cell))
        if abs(value) > limit:
            raise CellError(expected)
        return value

    return read


def dollars(cell: str) -> Decimal:
    """US dollars without sign or separators, cents after a point: ``12454`` or ``12454.50``."""
    if not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", cell, re.ASCII):
        raise CellError(say("US dollars in digits, like 12454 or 12454.50"))
    return Decimal(cell).quantize(Decimal("0.01"))


def price(cell: str) -> Decimal:
    """What one lead costs: more than nothing, and no more than a school might pay."""
    amount = Decimal(cell) if re.fullmatch(r"\d{1,5}(\.\d{1,2})?", cell, re.ASCII) else Decimal(0)
    if not 0 < amount <= MOST_PRICE_USD:
        raise CellError(
            say("US dollars in digits, from 0.01 to %(most)s, like 25 or 37.50", most=f"{MOST_PRICE_USD:,}")
        )
    return amount.quantize(Decimal("0.01"))


def day(cell: str) -> date:
    """An ISO 8601 calendar date."""
    try:
        if len(cell) != len("2027-03-04"):
            raise ValueError
        return date.fromisoformat(cell)
    except ValueError:
        raise CellError(say("a date like 2027-03-04")) from None


def state(cell: str) -> str:
    """The postal code of a state, the District of Columbia, a territory or a freely associated state."""
    if cell not in STATES:
        raise CellError(say("the two capital letters of a state or territory, like IL"))
    return cell


def words(cell: str) -> tuple[str, ...]:
    """A list separated by semicolons; a word named twice counts once."""
    found = tuple(dict.fromkeys(text(word.strip()) for word in cell.split(";") if word.strip()))
    if not found:
        raise CellError(say("words separated by semicolons"))
    return found


def some_of(kind: type[StrEnum]) -> Reader:
    """A reader of a list of members of an enumeration, separated by semicolons."""
    members = frozenset(kind)

    def read(cell: str) -> tuple[str, ...]:
        found = words(cell)
        if not members.issuperset(found):
            raise CellError(say("one or more of %(members)s, separated by semicolons", members=", ".join(kind)))
        return found

    return read


def states(cell: str) -> tuple[str, ...]:
    """``*`` for every state, or a list of states."""
    found = words(cell)
    if found != ("*",) and not STATES.issuperset(found):
        raise CellError(say("* alone, or states in capital letters separated by semicolons, like IL;IN;WI"))
    return found


def part_caps(cell: str) -> tuple[str, ...]:
    """Caps of campuses, programs and the whole school, by hours or by days of the week too; each day, part and period
    once."""
    expected = say(
        "caps like campus Aurora: 5 a day; phlebotomy: 20 a month; school: 3 an hour; school: 0 a day on Sat, Sun;"
        " school: $500 a month (an hour, a day, a week, a month or in all; days of the week where it is an hour or a"
        " day)"
    )
    try:
        caps = [read_part_cap(each) for each in words(cell)]
    except ValueError:
        raise CellError(expected) from None
    counted = [(cap.part, cap.period, cap.in_cents, day) for cap in caps for day in cap.days]
    if len(set(counted)) < len(counted):
        raise CellError(say("one cap for each part and period, in leads or in dollars"))
    return tuple(map(str, caps))


def opening_hours(cell: str) -> tuple[str, ...]:
    """Spans of days and times, and days off."""
    expected = say(
        "opening hours like Mon-Fri 9:00-17:00; Sat 10:00-14:00; not federal holidays; not 2027-12-24 (full and quarter"
        " hours, each span within one day)"
    )
    try:
        return tuple(str(read_hours(each)) for each in words(cell))
    except ValueError:
        raise CellError(expected) from None


def some_states(cell: str) -> tuple[str, ...]:
    """A list of states."""
    found = words(cell)
    if not STATES.issuperset(found):
        raise CellError(say("states in capital letters separated by semicolons, like IL;IN;WI"))
    return found


def zip_areas(cell: str) -> tuple[str, ...]:
    """A list of ZIP codes, and of areas by their first three digits and a star."""
    found = words(cell)
    if not all(_ZIP_AREA.fullmatch(each) for each in found):
        raise CellError(
            say("ZIP codes, or their first three digits and a star, separated by semicolons, like 60432;606*")
        )
    return found


@lru_cache(maxsize=1024)
def timezone(cell: str) -> str:
    """The name of a zone in the IANA time zone database."""
    try:
        return ZoneInfo(cell).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CellError(say("a time zone like America/Chicago")) from None
