"""Verdicts on choices, and the lead that a release makes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from leadgen.database import insert_row, insert_rows
from leadgen.marks import say
from leadgen.models import Choice, Consent, Contact, Lead, Outcome, School, Verdict
from leadgen.models.lead import FreshLead
from leadgen.suppression import is_suppressed, take_turns
from leadgen.tokens import make_reference


class ReleaseError(Exception):
    """A choice that cannot be released. The message says why, for staff."""


def give_verdict(
    session: Session,
    choice_id: int,
    outcome: Outcome,
    actor: str,
    reasons: Sequence[str],
    at: datetime,
    note_sealed: bytes | None = None,
) -> None:
    """Add a verdict; the latest counts. Two at once collide on the number, and one of them is told."""
    last = session.scalar(select(func.max(Verdict.number)).where(Verdict.choice_id == choice_id)) or 0
    row = {
        "choice_id": choice_id,
        "number": last + 1,
        "outcome": outcome,
        "actor": actor,
        "reasons": list(reasons),
        "note_sealed": note_sealed,
        "given_at": at,
    }
    insert_row(session, Verdict, row)
    session.execute(update(Choice).where(Choice.id == choice_id).values(outcome=outcome))


def decide_first(reasons: Sequence[str]) -> Outcome:
    """The outcome of a fresh choice: held where there are reasons, else released."""
    return Outcome.hold if reasons else Outcome.release


def give_first_verdicts(session: Session, reasons: Mapping[int, Sequence[str]], actor: str, at: datetime) -> None:
    """The verdicts on the choices of a fresh inquiry, which were written with their outcome (`decide_first`)."""
    rows = [
        {
            "choice_id": choice_id,
            "number": 1,
            "outcome": decide_first(why),
            "actor": actor,
            "reasons": list(why),
            "given_at": at,
        }
        for choice_id, why in reasons.items()
    ]
    insert_rows(session, Verdict, rows)


def make_first_leads(session: Session, inquiry_id: int, schools: Sequence[str], at: datetime) -> list[FreshLead]:
    """The leads of a fresh inquiry. Its consents are of this very transaction: nobody can have withdrawn one."""
    rows = [
        {"reference": make_reference("LD"), "inquiry_id": inquiry_id, "school_id": school, "released_at": at}
        for school in schools
    ]
    written = insert_rows(session, Lead, rows, *FreshLead._fields)
    return [FreshLead(row.id, row.reference, row.school_id) for row in written]


def refuse_suppressed(session: Session, inquiry_id: int) -> None:
    """Raises ReleaseError where the owner of its email or number asked never to be contacted."""
    contact = session.get_one(Contact, inquiry_id)
    take_turns(session, contact.email_index, contact.phone_index)
    if is_suppressed(session, contact.email_index, contact.phone_index):
        raise ReleaseError(say("The owner of this email or number asked never to be contacted. Nothing was changed."))


def make_lead(session: Session, inquiry_id: int, school_id: str, at: datetime) -> Lead:
    """The lead of a released choice. Locks the consent, so that a withdrawal comes wholly before or after.

    Raises ReleaseError where she withdrew, did not agree or asked never to be contacted, the lead is there already, or
    the school is only listed."""
    where = (Consent.inquiry_id == inquiry_id, Consent.school_id == school_id)
    locked = select(Consent.id, Consent.withdrawn_at).where(*where).with_for_update(key_share=True)
    consent = session.execute(locked).one_or_none()
    if consent is None:
        raise ReleaseError(say("She did not agree that this school contacts her."))
    if consent.withdrawn_at is not None:
        raise ReleaseError(say("She has withdrawn her consent."))
    refuse_suppressed(session, inquiry_id)
    if session.scalar(select(Lead.id).where(Lead.inquiry_id == inquiry_id, Lead.school_id == school_id)):
        raise ReleaseError(say("This lead was released already."))
    if session.scalar(select(School.listed).where(School.id == school_id)):
        raise ReleaseError(
            say("This school is only listed: it takes no inquiries through us. Give it an endpoint first.")
        )
    lead = Lead(reference=make_reference("LD"), inquiry_id=inquiry_id, school_id=school_id, released_at=at)
    session.add(lead)
    session.flush()
    return lead
