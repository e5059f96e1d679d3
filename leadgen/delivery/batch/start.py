"""From claimed to sending, for all rows of a batch: the consent of each is read again, locked against a withdrawal at
this very moment, and the attempts are written down. A row that lost its right to be sent is in no file."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Float, Row, bindparam, or_, select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import table_of
from leadgen.delivery.batch.cells import write_rows
from leadgen.delivery.batch.claim import BatchClaim
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.claim import ADD_ATTEMPT, CONSENT_STANDS
from leadgen.delivery.facts import find_facts
from leadgen.delivery.feed.offer import offer
from leadgen.delivery.parcel import write_file
from leadgen.delivery.posting.keep import open_posting
from leadgen.models import PERSONAL, Batch, BatchRow, Delivery, State
from leadgen.vault import Vault

_delivery = table_of(Delivery)
_START = (
    update(_delivery)
    .where(
        _delivery.c.id == bindparam("row_id"),
        _delivery.c.fence == bindparam("seen_fence"),
        _delivery.c.state == State.claimed,
        _delivery.c.lease_until > database_now(),
        or_(_delivery.c.about.not_in(PERSONAL), CONSENT_STANDS),
    )
    .values(
        state=State.sending,
        tries=_delivery.c.tries + 1,
        lease_until=database_now(bindparam("lease_seconds", type_=Float)),
    )
    .returning(_delivery.c.tries)
)


@dataclass(frozen=True)
class Started:
    """What leaves now, the facts of one of its rows for where it goes, and the attempt of each row by delivery."""

    parcel: Parcel
    facts: Row[Any]
    attempts: Mapping[int, int]


def start_batch(session: Session, vault: Vault, claim: BatchClaim) -> Started | None:
    """Write down what is about to leave; None where nothing of it may any more. The caller commits.

    The batch is looked at and locked before a row moves: where somebody has given it up meanwhile, its rows stay
    claimed, and are freed when their lease ends."""
    cells = write_rows(session, vault, claim)
    batch = session.get_one(Batch, claim.batch_id, with_for_update=True, populate_existing=True)
    if batch.state is not State.claimed:
        return None
    stands = [number for number in sorted(cells) if _start(session, number, claim)]
    if not stands:
        end_unsent(session, batch)
        return None
    facts = find_facts(session, stands[0])
    opened = open_posting(vault, facts)
    parcel = write_file(opened, [cells[number] for number in stands], batch.name, facts.letter_language)
    attempts = {}
    for number in stands:
        alone = write_file(opened, [cells[number]], batch.name, facts.letter_language)
        attempts[number] = _add_attempt(session, vault, number, claim.fences[number], alone)
        mine = update(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.delivery_id == number)
        session.execute(mine.values(attempt_id=attempts[number]).execution_options(synchronize_session=False))
    batch.state, batch.size, batch.sha256 = State.sending, len(parcel.body), sha256(parcel.body).hexdigest()
    batch.name = parcel.filename
    session.flush()
    times = {"sent_at": database_now(), "look_at": database_now(claim.lease_seconds)}
    sent = update(Batch).where(Batch.id == batch.id).values(times)
    session.execute(sent.execution_options(synchronize_session=False))
    return Started(parcel, facts, attempts)


def _start(session: Session, delivery_id: int, claim: BatchClaim) -> bool:
    seen = {"row_id": delivery_id, "seen_fence": claim.fences[delivery_id], "lease_seconds": claim.lease_seconds}
    tries = session.scalar(_START, seen)
    if tries == 1:
        offer(session, delivery_id)
    return tries is not None


def _add_attempt(session: Session, vault: Vault, delivery_id: int, fence: int, parcel: Parcel) -> int:
    attempt = {
        "row_id": delivery_id,
        "fence": fence,
        "parcel_bytes": len(parcel.body),
        "parcel_schema": parcel.schema,
        "parcel_hash": vault.hash_parcel(parcel.body),
    }
    return int(session.execute(ADD_ATTEMPT[Delivery], attempt).scalar_one())


def end_unsent(session: Session, batch: Batch) -> None:
    """Nothing is left in a locked batch: rows that still stand claimed are freed when their lease ends."""
    if batch.state is State.claimed:
        batch.state, batch.look_at, batch.reason = State.cancelled, None, "nothing was left to send"
        session.flush()


def select_rows(batch_id: int) -> Any:
    """The rows of a batch that were in its file and that nobody has settled: delivery, fence and attempt."""
    return (
        select(BatchRow.delivery_id, BatchRow.fence, BatchRow.attempt_id)
        .join(Delivery, Delivery.id == BatchRow.delivery_id)
        .where(
            BatchRow.batch_id == batch_id,
            BatchRow.attempt_id.is_not(None),
            Delivery.fence == BatchRow.fence,
            Delivery.state.in_((State.sending, State.uncertain)),
        )
        .order_by(BatchRow.delivery_id)
    )
