"""A school opens a lead: who does sees the person's name and address until signing out, and the history says so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.dispositions.receipts import add_receipt
from leadgen.dispositions.report import DispositionError, find_withdrawal, lock_lead
from leadgen.marks import say
from leadgen.models import Event, Inquiry, Lead, ReceiptKind, Subject

OPENED = "contact.opened"


def open_lead(session: Session, lead: Lead, actor: str, since: datetime) -> None:
    """Write down that a user of the school opens the lead; the first to do so is the school's receipt.

    Once for each sign-in, which began at ``since``. Raises DispositionError where she withdrew, or was erased."""
    lock_lead(session, lead)
    if find_withdrawal(session, lead):
        raise DispositionError(say("This request was withdrawn. Do not contact this person."))
    if session.get_one(Inquiry, lead.inquiry_id).contact.wrapped_key is None:
        raise DispositionError(say("The personal data was erased. There is nothing to show."))
    if has_opened(session, lead, actor, since):
        return
    at = now(session)
    add_receipt(session, lead, ReceiptKind.opened, actor, at)
    line = history.Line(OPENED, actor, {"school": lead.school_id, "lead": lead.reference})
    history.append(session, Subject.inquiry, lead.inquiry_id, line, at=at)


def has_opened(session: Session, lead: Lead, actor: str, since: datetime) -> bool:
    """Whether this user has opened the lead since then. A user belongs to one school, and an inquiry has one lead for
    each, so that the history of the inquiry tells."""
    mine = (Event.subject == Subject.inquiry, Event.subject_id == str(lead.inquiry_id))
    opened = select(Event.number).where(*mine, Event.kind == OPENED, Event.actor == actor, Event.happened_at >= since)
    return session.scalar(opened.limit(1)) is not None
