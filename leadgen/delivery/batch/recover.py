"""What a dead worker left of a batch, taken up again.

One that was never sent is over: its rows are freed with their leases. One whose end is known tells its rows. One of
which nobody knows is looked for where it went by SFTP: there under its name and whole, it is delivered; there under its
hidden name alone, it is sent again. One that is nowhere may have been taken away by the school, and a letter cannot be
looked for: each row of these waits for a person."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery.batch.settle import note_end, read_end, settle_rows
from leadgen.delivery.batch.start import select_rows
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Unknown
from leadgen.delivery.carriers.sftp_address import NOT_NAMED, is_sftp
from leadgen.delivery.endpoints import find_destination
from leadgen.delivery.facts import find_facts
from leadgen.models import Batch, Endpoint, State

if TYPE_CHECKING:
    from leadgen.delivery.dispatch import Dispatcher

AGAIN = timedelta(minutes=5)
LOOK_SECONDS = 15.0
DIED = "the worker died while sending"


def find_batches_to_look_at(session: Session) -> Sequence[int]:
    """Ids of batches that somebody has to take up, for the sweeper."""
    return session.scalars(select(Batch.id).where(Batch.look_at <= database_now()).order_by(Batch.id)).all()


def look_at_batch(dispatcher: "Dispatcher", batch_id: int) -> None:
    """Take up one batch, where it is time and nobody else does."""
    with dispatcher.sessions() as session:
        batch = _take(session, batch_id)
        if batch is None:
            return
        state, outcome = batch.state, read_end(batch)
        session.commit()
        if state is State.uncertain:
            found = _look_there(dispatcher, session, batch_id)
            if found is None:
                return
            outcome = note_end(session, batch_id, found, batch.latency_ms or 0)
            session.commit()
        settle_rows(session, dispatcher.vault, batch_id, outcome)
        _end_looking(session, batch_id)


def _take(session: Session, batch_id: int) -> Batch | None:
    query = select(Batch).where(Batch.id == batch_id, Batch.look_at <= database_now())
    batch = session.scalars(query.with_for_update(skip_locked=True).execution_options(populate_existing=True)).first()
    if batch is None:
        return None
    batch.look_at = now(session) + AGAIN
    if batch.state is State.claimed:
        batch.state, batch.look_at, batch.reason = State.cancelled, None, "the worker died before it sent"
        session.commit()
        return None
    if batch.state is State.sending:
        batch.state, batch.reason = State.uncertain, DIED
    session.flush()
    return batch


def _look_there(dispatcher: "Dispatcher", session: Session, batch_id: int) -> Answer | CarrierError | None:
    """What became of it; None where nobody can tell now."""
    batch = session.get_one(Batch, batch_id, populate_existing=True)
    rows = session.execute(select_rows(batch_id)).all()
    address = session.get_one(Endpoint, batch.endpoint_id).address or ""
    if not rows or not is_sftp(address):
        return Unknown(batch.reason or DIED)
    from leadgen.delivery.carriers import sftp  # noqa: PLC0415 - as the carrier of files has it

    destination = find_destination(dispatcher.vault, find_facts(session, rows[0].delivery_id), LOOK_SECONDS)
    name, digest = batch.name, batch.sha256 or ""
    session.commit()
    try:
        return sftp.look_for(name, digest, destination, dispatcher.line)
    except Unknown as error:
        return error
    except DefiniteNo as error:
        return error if error.reason == NOT_NAMED else None
    except CarrierError:
        return None


def _end_looking(session: Session, batch_id: int) -> None:
    batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    batch.look_at = None
    session.commit()
