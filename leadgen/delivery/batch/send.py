"""Carry one batch: start, send, settle. It commits on the way, for the reason that dispatch does."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from leadgen.crash import crash_here
from leadgen.delivery.batch.cells import fail_row
from leadgen.delivery.batch.claim import BatchClaim, name_key
from leadgen.delivery.batch.settle import note_end, settle_rows
from leadgen.delivery.batch.start import end_unsent, start_batch
from leadgen.delivery.carriers.contract import Answer, CarrierError, Destination, Parcel
from leadgen.delivery.endpoints import find_destination
from leadgen.delivery.insist import insist
from leadgen.models import Batch, EndpointKind
from leadgen.vault import Vault

if TYPE_CHECKING:
    from leadgen.delivery.dispatch import Dispatcher

LONGEST_SEND_SECONDS = 45.0


def send_batch(dispatcher: "Dispatcher", session: Session, claim: BatchClaim) -> None:
    """Send the file, and tell each of its rows how it ended."""
    try:
        ready = _prepare(dispatcher.vault, session, claim)
    except (DBAPIError, TimeoutError):
        raise  # the database's fault, not the file's: the lease lapses, and somebody tries again
    except Exception as error:  # no file can be made, or its endpoint cannot be read; no byte has left
        _give_up(session, claim, error)
        return
    session.commit()
    if ready is None:
        return
    parcel, destination = ready
    session.close()
    crash_here("batch_sending")
    begun = time.monotonic()
    outcome = dispatcher.carry(EndpointKind.batch, parcel, destination)
    latency_ms = round((time.monotonic() - begun) * 1000)
    crash_here("batch_answered")
    outcome = insist(lambda: _note_end(dispatcher, claim.batch_id, outcome, latency_ms))
    crash_here("batch_ended")
    with dispatcher.sessions() as recording:
        settle_rows(recording, dispatcher.vault, claim.batch_id, outcome)


def _note_end(
    dispatcher: "Dispatcher", batch_id: int, outcome: Answer | CarrierError, latency_ms: int
) -> Answer | CarrierError:
    with dispatcher.sessions() as session:
        counts = note_end(session, batch_id, outcome, latency_ms)
        session.commit()
        return counts


def _prepare(vault: Vault, session: Session, claim: BatchClaim) -> tuple[Parcel, Destination] | None:
    """What goes and where; None where nothing may go any more."""
    started = start_batch(session, vault, claim)
    if started is None:
        return None
    deadline = min(claim.lease_seconds / 2, LONGEST_SEND_SECONDS)
    destination = find_destination(vault, started.facts, deadline)
    return started.parcel, replace(destination, key=name_key(claim.batch_id))


def _give_up(session: Session, claim: BatchClaim, error: Exception) -> None:
    """Each row fails, as one that goes alone would, and the next file is free to go."""
    session.rollback()
    for number in sorted(claim.fences):
        fail_row(session, claim, number, error)
    end_unsent(session, session.get_one(Batch, claim.batch_id, with_for_update=True, populate_existing=True))
    session.commit()
