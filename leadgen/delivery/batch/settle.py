"""How a batch ended: written down for the file first, then for each of its rows, in a transaction each."""

from datetime import timedelta

from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.batch.start import select_rows
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Misconfigured,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.claim import Claim
from leadgen.delivery.record import Heard, record_outcome
from leadgen.models import Batch, Delivery, Result, State
from leadgen.vault import Vault

ANOTHER_VERSION = -1
SOON = timedelta(seconds=30)
_ENDS: dict[type[CarrierError], tuple[Result, State]] = {
    DefiniteNo: (Result.definite_no, State.failed),
    PermanentNo: (Result.permanent_no, State.failed),
    Misconfigured: (Result.misconfigured, State.failed),
    Unknown: (Result.unknown, State.uncertain),
}
_ERRORS: dict[Result, type[CarrierError]] = {result: kind for kind, (result, _) in _ENDS.items()}


def note_end(session: Session, batch_id: int, outcome: Answer | CarrierError, latency_ms: int) -> Answer | CarrierError:
    """Keep how it ended, so that whoever comes after a dead worker can tell the rows; gives what counts: that a file
    arrived is not taken back by somebody who looked before it did. The caller commits."""
    batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    if batch.result is Result.bounced:
        return outcome  # it came back before the relay's answer was written down
    if batch.result is Result.accepted and not isinstance(outcome, Answer):
        return read_end(batch)
    at = now(session)
    if isinstance(outcome, Answer):
        batch.result, batch.state, batch.reason = Result.accepted, State.delivered, None
    else:
        kind = next((each for each in _ENDS if isinstance(outcome, each)), Unknown)
        (batch.result, batch.state), batch.reason = _ENDS[kind], outcome.reason
    batch.status, batch.latency_ms, batch.ended_at, batch.look_at = outcome.status or None, latency_ms, at, at + SOON
    session.flush()
    return outcome


def read_end(batch: Batch) -> Answer | CarrierError:
    """How it ended, as it was kept."""
    if batch.result is Result.accepted:
        return Answer(batch.status or "")
    kind = _ERRORS.get(batch.result or Result.unknown, Unknown)
    return kind(batch.reason or "", status=batch.status or "")


def settle_rows(session: Session, vault: Vault, batch_id: int, outcome: Answer | CarrierError) -> int:
    """Give each row that outcome; gives how many there were. Commits after each: rows of several inquiries in one
    transaction could wait in a ring with a withdrawal."""
    batch = session.get_one(Batch, batch_id, populate_existing=True)
    version, latency_ms = batch.version, batch.latency_ms or 0
    rows = session.execute(select_rows(batch_id)).all()
    session.commit()
    for number, row in enumerate(rows):
        # one file is one try of the endpoint, however many rows it has
        heard = Heard(row.attempt_id, outcome, latency_ms, ANOTHER_VERSION if number else version)
        record_outcome(session, vault, Claim(Delivery, row.delivery_id, row.fence, 0), heard)
        session.commit()
    return len(rows)
