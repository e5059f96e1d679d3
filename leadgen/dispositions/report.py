"""What a school says of a lead: that it accepts it, or that it gives it back and why."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.dispositions.receipts import add_receipt
from leadgen.marks import say
from leadgen.models import (
    Consent,
    Disposition,
    DispositionReport,
    Inquiry,
    Lead,
    ReceiptKind,
    Subject,
)
from leadgen.vault import Vault

RETURN_DAYS = 30
NOTE_CHARACTERS = 1_000
NOTE = "disposition"  # the column under which a note is sealed
# words of a school that has met the person
MET = (Disposition.appointment, Disposition.applied, Disposition.enrolled)


class ReturnReason(StrEnum):
    """Why a school gives a lead back."""

    wrong_number = "wrong_number"
    not_eligible = "not_eligible"
    duplicate = "duplicate"
    not_interested = "not_interested"
    outside_area = "outside_area"
    other = "other"


class DispositionError(Exception):
    """A word that a school cannot say of this lead (any more). The message says why."""


def accept_lead(session: Session, lead: Lead, actor: str) -> None:
    """The school takes the lead on. Saying so twice changes nothing; a later word than this one stays.

    Raises DispositionError where she withdrew, or the lead was returned."""
    lock_lead(session, lead)
    refuse_withdrawn(session, lead)
    if lead.disposition is Disposition.returned:
        raise DispositionError(say("You returned this lead, so it cannot be accepted."))
    if lead.disposition is not None:
        return
    at = now(session)
    write_report(session, lead, Disposition.accepted, actor, at)
    add_receipt(session, lead, ReceiptKind.accepted, actor, at)
    tell(session, lead, "lead.accepted", actor, {})


def return_lead(session: Session, vault: Vault, lead: Lead, reason: ReturnReason, note: str | None, actor: str) -> None:
    """The school gives the lead back. The note may name the person, so it is sealed with her contact.

    Raises DispositionError where `find_return_obstacle` finds one, ErasedError where she was erased."""
    lock_lead(session, lead)
    at = now(session)
    if obstacle := find_return_obstacle(session, lead, at):
        raise DispositionError(obstacle)
    sealed = _seal_note(session, vault, lead, note) if note else None
    write_report(session, lead, Disposition.returned, actor, at, reason, sealed)
    tell(session, lead, "lead.returned", actor, {"reason": reason})


def find_return_obstacle(session: Session, lead: Lead, at: datetime) -> str | None:
    """Why the lead cannot be returned, in words for the school; None where it can.

    Once, within 30 days of its release, and not once the school reported that she came: whom a school
    has met, it cannot call a wrong number."""
    if find_withdrawal(session, lead):
        return say("This request was withdrawn, so there is nothing to return.")
    if lead.disposition is Disposition.returned:
        return say("This lead was returned already.")
    if lead.disposition in MET:
        word = lead.disposition
        return say("You reported “%(word)s” for this lead, so it cannot be returned.", word=word)
    if at - lead.released_at > timedelta(days=RETURN_DAYS):
        return say("Leads can be returned for %(days)s days. This one is older.", days=RETURN_DAYS)
    return None


def find_withdrawal(session: Session, lead: Lead) -> datetime | None:
    """When she withdrew her consent to this lead's school; None while it stands."""
    query = select(Consent.withdrawn_at).where(
        Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id
    )
    return session.scalar(query)


def lock_lead(session: Session, lead: Lead) -> None:
    """Reports on one lead take turns, and read it as it is by then."""
    session.refresh(lead, with_for_update={"key_share": True})


def refuse_withdrawn(session: Session, lead: Lead) -> None:
    """Raises DispositionError where she took her consent to this lead's school back."""
    if find_withdrawal(session, lead):
        raise DispositionError(say("This request was withdrawn. Do not contact this person."))


def write_report(
    session: Session,
    lead: Lead,
    disposition: Disposition,
    actor: str,
    at: datetime,
    reason: str | None = None,
    note_sealed: bytes | None = None,
) -> None:
    """Write down the school's next word on a lead that is locked; from now on this one counts."""
    last = session.scalar(select(func.max(DispositionReport.number)).where(DispositionReport.lead_id == lead.id)) or 0
    values = {
        "lead_id": lead.id,
        "number": last + 1,
        "disposition": disposition,
        "reason": reason,
        "note_sealed": note_sealed,
        "actor": actor,
        "reported_at": at,
    }
    session.execute(insert(DispositionReport).values(values))
    lead.disposition, lead.disposition_at = disposition, at
    session.flush()


def _seal_note(session: Session, vault: Vault, lead: Lead, note: str) -> bytes:
    inquiry = session.get_one(Inquiry, lead.inquiry_id)
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    return key.seal(note[:NOTE_CHARACTERS], NOTE)


def tell(session: Session, lead: Lead, kind: str, actor: str, data: dict[str, str]) -> None:
    """Append what the school said to the history of the inquiry."""
    facts = {"school": lead.school_id, "lead": lead.reference} | data
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, actor, facts))
