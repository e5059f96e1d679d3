"""What becomes of a choice and of a delivery: shares as a desk meets them after a year or more."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

# of all inquiries; what is open is a few hundred lines in each bin, of the last days
HELD = 0.0006
DECLINED = 0.02
WITHDRAWN = 0.02
RETURNED = 0.03
UNJUDGED = 0.01  # of the returned
UNTOLD = 0.01  # of the withdrawn
LETTER_FAILED = 0.004
LETTER_LEFT_FAILED = 0.02  # of those, still on the worklist
RECENT = timedelta(days=14)
LATER_WORDS = (
    (None, 0.30),
    ("accepted", 0.20),
    ("contacted", 0.20),
    ("not_interested", 0.10),
    ("unreachable", 0.10),
    ("appointment", 0.06),
    ("enrolled", 0.04),
)
RETURN_REASONS = ("wrong_number", "not_eligible", "duplicate", "not_interested", "outside_area", "other")
HOLD_REASONS = ("duplicate_email", "duplicate_phone", "implausible_email", "implausible_phone", "too_fast")


@dataclass(frozen=True)
class Fate:
    """A delivery's state with its reason, its tries one by one, and why staff set it aside."""

    state: str
    reason: str | None
    results: tuple[str, ...]
    set_aside: str | None = None


DELIVERED = Fate("delivered", None, ("accepted",))
AFTER_RETRIES = Fate("delivered", None, ("definite_no", "definite_no", "accepted"))
SET_ASIDE = Fate("failed", "422", ("permanent_no",), "school_has_it")
FAILED = Fate("failed", "422", ("permanent_no",))
CANCELLED = Fate("cancelled", "withdrawn", ())
UNCERTAIN = Fate("uncertain", "no answer within 15 s", ("unknown",))
RETRYING = Fate("pending", "503", ("definite_no",))
HELD_BACK = Fate("held", "endpoint_paused", ())

OLD = ((DELIVERED, 0.93), (AFTER_RETRIES, 0.035), (SET_ASIDE, 0.024), (CANCELLED, 0.011))
NEW = (
    (DELIVERED, 0.942),
    (AFTER_RETRIES, 0.03),
    (SET_ASIDE, 0.01),
    (FAILED, 0.006),
    (UNCERTAIN, 0.004),
    (RETRYING, 0.008),
)


def pick(dice: Random, shares: tuple[tuple[object, float], ...]) -> object:
    """One of several, by its share."""
    roll = dice.random()
    for each, share in shares:
        roll -= share
        if roll < 0:
            return each
    return shares[0][0]


def pick_fate(dice: Random, *, is_new: bool, is_out: bool) -> Fate:
    """What became of a delivery; at an endpoint out of use, what is new is held."""
    if is_new and is_out:
        return HELD_BACK
    fate = pick(dice, NEW if is_new else OLD)
    assert isinstance(fate, Fate)
    return fate
