"""When to try again after a definite no. Pure: the caller brings the dice."""

from datetime import timedelta

MINUTE, HOUR = 60, 3600

# seconds after the 1st, 2nd, … try; the first try itself is at once
SCHEDULE = (10, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR)
JITTER = 0.2
LONGEST_RETRY_AFTER = 6 * HOUR
MAX_AGE = timedelta(days=30)


def find_wait(tries: int, retry_after: float | None, dice: float) -> float | None:
    """Seconds to wait after the ``tries``-th try, or None when the schedule is spent.

    ``dice`` is a random number from 0 to 1. What the receiver asks for may lengthen the wait, up to six
    hours, and never shortens it (RFC 9110, 10.2.3).
    """
    if tries > len(SCHEDULE):
        return None
    wait = SCHEDULE[tries - 1] * (1 - JITTER + 2 * JITTER * dice)
    return max(wait, min(retry_after or 0, LONGEST_RETRY_AFTER))


def is_too_old(age: timedelta) -> bool:
    """Whether a lead has waited longer than anybody should answer it."""
    return age > MAX_AGE
