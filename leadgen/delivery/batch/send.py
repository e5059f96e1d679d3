"""Carry one batch: start, send, settle. It commits on the way, for the reason that dispatch does."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from leadgen.crash import crash_here
from leadgen.delivery.batch.claim import BatchClaim, name_key
from leadgen.delivery.batch.settle import note_end, settle_rows
from leadgen.delivery.batch.start import start_batch
from leadgen.delivery.endpoints import find_destination
from leadgen.models import EndpointKind

if TYPE_CHECKING:
    from leadgen.delivery.dispatch import Dispatcher

LONGEST_SEND_SECONDS = 45.0


def send_batch(dispatcher: "Dispatcher", session: Session, claim: BatchClaim) -> None:
    """Send the file, and tell each of its rows how it ended."""
    started = start_batch(session, dispatcher.vault, claim)
    deadline = min(claim.lease_seconds / 2, LONGEST_SEND_SECONDS)
    destination = find_destination(dispatcher.vault, started.facts, deadline) if started else None
    session.commit()
    if started is None or destination is None:
        return
    destination = replace(destination, key=name_key(claim.batch_id))
    session.close()
    crash_here("batch_sending")
    begun = time.monotonic()
    outcome = dispatcher.carry(EndpointKind.batch, started.parcel, destination)
    latency_ms = round((time.monotonic() - begun) * 1000)
    crash_here("batch_answered")
    with dispatcher.sessions() as recording:
        note_end(recording, claim.batch_id, outcome, latency_ms)
        recording.commit()
        crash_here("batch_ended")
        settle_rows(recording, dispatcher.vault, claim.batch_id, outcome)
