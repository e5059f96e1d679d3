"""What a report means for the letter that it is about, in whatever state that is by now. Pure."""

from datetime import datetime, timedelta

from leadgen.delivery.bounces.report import Fate
from leadgen.models import State

# between our clock, which dates a letter, and the database's, which dates the try
CLOCKS_DIFFER = timedelta(minutes=2)
# the states in which a letter that was given up has not arrived: it may have left, and nobody said that it did not
TURNED = (State.sending, State.uncertain, State.delivered)


def fails_now(fate: Fate, state: State, sent_at: datetime | None, last_try_at: datetime | None) -> bool:
    """Whether the letter counts as bounced from now on. Everything else is only written down:

    a delay; a report of an earlier try than the last; and what is due again, cancelled or failed already."""
    return fate is Fate.failed and state in TURNED and not is_about_earlier_try(sent_at, last_try_at)


def is_about_earlier_try(sent_at: datetime | None, last_try_at: datetime | None) -> bool:
    """Whether the letter that came back is dated before the last try. Every try carries the same key."""
    return sent_at is not None and last_try_at is not None and sent_at < last_try_at - CLOCKS_DIFFER
