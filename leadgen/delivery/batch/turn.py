"""When the file of the day goes: a time of day by the school's own clock. Pure."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def read_clock(text: str) -> time | None:
    """A time of day like ``17:30``; None where it is none."""
    read = _CLOCK.fullmatch(text)
    return time(int(read[1]), int(read[2])) if read else None


def find_next_turn(clock: time, timezone: str, after: datetime) -> datetime:
    """The first moment later than ``after`` at which that clock shows this time.

    In the night when clocks go forward and skip it, the moment to which they jump by as much; when they go back and
    show it twice, the first."""
    zone = ZoneInfo(timezone)
    day = after.astimezone(zone).date()
    while True:
        turn = datetime.combine(day, clock, zone).astimezone(after.tzinfo)
        if turn > after:
            return turn
        day += timedelta(days=1)
