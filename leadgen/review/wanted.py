"""What of the worklist is wanted: a bin, narrowed by filters, in an order. No personal data can be in it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Bin(StrEnum):
    """The bins, in the order of the rail."""

    held = "held"
    uncertain = "uncertain"
    failed = "failed"
    endpoints = "endpoints"
    withdrawals = "withdrawals"
    changes = "changes"
    returns = "returns"


class Sort(StrEnum):
    """The orders of a bin. What is equal stands oldest first."""

    oldest = "oldest"
    newest = "newest"
    program = "program"
    place = "place"
    school = "school"
    reason = "reason"


class Age(StrEnum):
    """How long a line has waited at least."""

    quarter = "15m"
    hour = "1h"
    day = "1d"
    three_days = "3d"
    week = "7d"


AGES = {
    Age.quarter: timedelta(minutes=15),
    Age.hour: timedelta(hours=1),
    Age.day: timedelta(days=1),
    Age.three_days: timedelta(days=3),
    Age.week: timedelta(days=7),
}

# how long a line may wait before it is marked, and staff are told by letter
ALARM_AFTER = {Bin.uncertain: timedelta(minutes=15), Bin.failed: timedelta(hours=1)}


@dataclass(frozen=True)
class Wanted:
    """Filters that are None let everything pass. ``school`` is an id, ``program`` a slug, ``state`` two letters,
    ``holder`` the user whose claimed lines alone are wanted."""

    bin: Bin = Bin.held
    reason: str | None = None
    school: str | None = None
    program: str | None = None
    state: str | None = None
    age: Age | None = None
    holder: int | None = None
    sort: Sort = Sort.oldest

    @property
    def is_whole(self) -> bool:
        """Whether the whole bin is wanted."""
        return self == Wanted(self.bin, sort=self.sort)
