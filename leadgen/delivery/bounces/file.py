"""A daily file that came back: each of its rows becomes what a single letter becomes that comes back.

It commits after each row, for the reason that settling a file does: rows of several inquiries in one transaction could
wait in a ring with a withdrawal. Whoever dies on the way leaves a report that is read again; what is written down
already is known then."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.batch.claim import name_key
from leadgen.delivery.bounces.report import Fate, Report
from leadgen.delivery.bounces.turn import BOUNCED, Outcome, record_delivery
from leadgen.models import Batch, BatchRow, Delivery, Result, State

_KEY = re.compile(name_key(r"(\d{1,9})"))
# a file says more with each of these: nothing new, written down, failed
_RISING = (Outcome.known, Outcome.recorded, Outcome.failed)


def find_file(session: Session, key: str) -> Batch | None:
    """The file whose letter has this key."""
    found = _KEY.fullmatch(key)
    return session.get(Batch, int(found[1])) if found else None


def record_file(session: Session, batch: Batch, report: Report) -> Outcome:
    """Tell each row that was in the file; gives what the report came to where it came to most."""
    batch_id = batch.id
    in_file = (BatchRow.batch_id == batch_id, BatchRow.attempt_id.is_not(None))
    query = select(BatchRow.delivery_id, BatchRow.attempt_id).where(*in_file).order_by(BatchRow.delivery_id)
    rows = session.execute(query).all()
    if report.fate is Fate.failed:
        _fail(session, batch_id, report)
    session.commit()
    outcome = Outcome.known
    for delivery_id, attempt_id in rows:
        # locked before its lead is, as everybody does who carries it
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
        outcome = max(outcome, record_delivery(session, delivery, report, attempt_id), key=_RISING.index)
        session.commit()
    return outcome


def _fail(session: Session, batch_id: int, report: Report) -> None:
    """The file as a whole did not arrive, whatever the relay said, and nobody need look after it."""
    batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    if batch.state in (State.sending, State.uncertain, State.delivered):
        batch.state, batch.result, batch.reason = State.failed, Result.bounced, f"{BOUNCED}: {report.status}"
        batch.ended_at, batch.look_at = batch.ended_at or now(session), None
        session.flush()
