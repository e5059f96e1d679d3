"""What a report does to the delivery that it is about: a receipt, and the end of what may have arrived. The caller
commits."""

from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.database import insert_first
from leadgen.delivery.bounces.decide import fails_now
from leadgen.delivery.bounces.report import Fate, Report
from leadgen.delivery.change import change_state
from leadgen.delivery.spread import deliver_to_next
from leadgen.models import (
    About,
    Attempt,
    Delivery,
    Endpoint,
    Lead,
    Letter,
    Receipt,
    ReceiptKind,
    Result,
    State,
    Subject,
)

ACTOR = "mail"
BOUNCED, DELAYED = "bounced", "delayed"
KINDS = {Fate.failed: ReceiptKind.bounced, Fate.delayed: ReceiptKind.delayed}


class Outcome(StrEnum):
    """What came of a message: the letter failed; it was only written down; it was known; it says nothing that we
    write down; it is about nothing of ours; nobody can read it."""

    failed = "failed"
    recorded = "recorded"
    known = "known"
    passed_on = "passed_on"
    not_ours = "not_ours"
    unreadable = "unreadable"


def record_delivery(session: Session, delivery: Delivery, report: Report, attempt_id: int | None = None) -> Outcome:
    """A receipt, and the end of what may have arrived. ``attempt_id``: the try that the report is of, where it says."""
    at = now(session)
    receipt = {
        "delivery_id": delivery.id,
        "kind": KINDS[report.fate],
        "event_id": f"bounce:{report.digest}:{delivery.id}",
        "source": f"{ACTOR} {report.status}",
        "received_at": at,
    }
    if not insert_first(session, Receipt, receipt):
        return Outcome.known
    turns = turn(session, delivery, report, attempt_id)
    lead = session.get_one(Lead, delivery.lead_id)
    facts = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about, "status": report.status}
    kind = f"delivery.{KINDS[report.fate]}"
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, ACTOR, facts), at=at)
    if turns and delivery.about is About.lead:
        deliver_to_next(session, lead, session.get_one(Endpoint, delivery.endpoint_id))
    return Outcome.failed if turns else Outcome.recorded


def turn(session: Session, row: Delivery | Letter, report: Report, attempt_id: int | None = None) -> bool:
    """Fail a row that bounced, with its last try; False where the report changes nothing."""
    last = find_last(session, row)
    if last is None or attempt_id not in (None, last.id):
        return False
    sent_at = report.sent_at if attempt_id is None else None  # the try is known, whatever date its letter has
    if not fails_now(report.fate, row.state, sent_at, last.started_at):
        return False
    closed = {"result": Result.bounced, "ended_at": last.ended_at or now(session)}
    session.execute(update(Attempt).where(Attempt.id == last.id).values(closed))
    return change_state(session, row, State.failed, f"{BOUNCED}: {report.status}")


def find_last(session: Session, row: Delivery | Letter) -> Attempt | None:
    mine = Attempt.delivery_id if isinstance(row, Delivery) else Attempt.letter_id
    query = select(Attempt).where(mine == row.id).order_by(Attempt.number.desc()).limit(1)
    return session.scalars(query).one_or_none()
