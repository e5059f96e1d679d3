"""What one outcome means for the delivery: DESIGN's steps 4 to 8 as one table. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Misconfigured, PermanentNo
from leadgen.delivery.retry import find_wait
from leadgen.models import Result, State

BROKEN_LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Next:
    """The state after a try, why, and when it is due again."""

    result: Result
    state: State
    reason: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Receiver:
    """Who was tried, as far as it decides: ``is_school`` is False for a letter of our own."""

    is_school: bool
    dedupes: bool = False


def decide(receiver: Receiver, tries: int, outcome: Answer | CarrierError, at: datetime, dice: float) -> Next:
    """What the outcome of the ``tries``-th try means. Only a receiver proved to dedupe is sent the unknown again."""
    match outcome:
        case Answer():
            return Next(Result.accepted, State.delivered)
        case DefiniteNo():
            wait = find_wait(tries, outcome.retry_after, dice)
            if wait is None:
                return Next(Result.definite_no, State.failed, f"spent: {outcome.reason}")
            return Next(Result.definite_no, State.pending, outcome.reason, at + timedelta(seconds=wait))
        case PermanentNo():
            return Next(Result.permanent_no, State.failed, outcome.reason)
        case Misconfigured() if receiver.is_school:
            return Next(Result.misconfigured, State.held, outcome.reason, at + BROKEN_LOOK_AGAIN)
        case Misconfigured():
            return Next(Result.misconfigured, State.failed, outcome.reason)
    return decide_unknown(receiver, tries, outcome.reason, at, dice)


def decide_unknown(receiver: Receiver, tries: int, reason: str, at: datetime, dice: float) -> Next:
    """Bytes left and nobody knows: uncertain, or again under the same key where that is proved harmless."""
    wait = find_wait(tries, None, dice)
    if receiver.dedupes and wait is not None:
        return Next(Result.superseded, State.pending, reason, at + timedelta(seconds=wait))
    return Next(Result.unknown, State.uncertain, reason)
