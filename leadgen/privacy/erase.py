"""Erase a person: destroy the key of her data, blank what was sealed under it, and leave a tombstone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.marks import say, say_moment
from leadgen.models import (
    Attempt,
    Choice,
    Consent,
    Contact,
    Delivery,
    DispositionReport,
    Entry,
    Erasure,
    FormerConsent,
    Inquiry,
    Lead,
    Letter,
    Link,
    Note,
    State,
    Verdict,
)
from leadgen.vault import Vault

# what no byte left of; a worker compares the state once more before it sends
UNSENT = (State.pending, State.held, State.claimed)
DAYS_OF_A_YEAR = 365.25


class ErasedAlreadyError(Exception):
    """Somebody was first. The message says when."""


@dataclass(frozen=True)
class Order:
    """Who erases and why (a code), and for how many years the proof of her consent is held."""

    actor: str
    reason: str
    evidence_years: float


def destroy_person(session: Session, vault: Vault, inquiry: Inquiry, order: Order) -> datetime:
    """Nothing that was sealed for this inquiry opens ever again. Gives the time. Raises ErasedAlreadyError.

    The caller holds the rows of its consents, and has withdrawn them."""
    _keep_evidence(session, vault, inquiry)
    at = _destroy_key(session, inquiry.id)
    for statement in _blank_statements(inquiry.id):
        session.execute(statement, execution_options={"synchronize_session": False})
    tombstone = Erasure(inquiry_id=inquiry.id, reference=inquiry.reference, erased_at=at, erased_by=order.actor)
    tombstone.reason, tombstone.held_until = order.reason, at + timedelta(days=order.evidence_years * DAYS_OF_A_YEAR)
    session.merge(tombstone)
    session.flush()
    session.expire_all()
    return at


def close_doors(session: Session, inquiry_id: int, at: datetime) -> int:
    """Cancel her letters that have not left, and end the links and the entries that lead to her data; gives how many
    letters."""
    unsent = (Letter.inquiry_id == inquiry_id, Letter.state.in_(UNSENT))
    stopped = update(Letter).where(*unsent).values(state=State.cancelled, reason="erased", ended_at=at)
    letters = session.execute(stopped.returning(Letter.id), execution_options={"synchronize_session": False}).all()
    hers = Link.letter_id.in_(select(Letter.id).where(Letter.inquiry_id == inquiry_id))
    ended = update(Link).where(hers, Link.used_at.is_(None), Link.ended_at.is_(None)).values(ended_at=at)
    entries = update(Entry).where(Entry.inquiry_id == inquiry_id, Entry.expires_at > at).values(expires_at=at)
    for statement in (ended, entries):
        session.execute(statement, execution_options={"synchronize_session": False})
    return len(letters)


def forget_evidence(session: Session) -> int:
    """Blank the keyed addresses and numbers that were held for long enough; gives how many erasures that is."""
    over = Erasure.held_until <= database_now()
    theirs = Consent.inquiry_id.in_(select(Erasure.inquiry_id).where(over))
    blank = update(Consent).where(theirs).values(email_evidence=None, phone_evidence=None)
    session.execute(blank, execution_options={"synchronize_session": False})
    former = FormerConsent.consent_id.in_(select(Consent.id).where(theirs))
    blank = update(FormerConsent).where(former).values(email_evidence=None, phone_evidence=None)
    session.execute(blank, execution_options={"synchronize_session": False})
    ended = session.execute(update(Erasure).where(over).values(held_until=None).returning(Erasure.inquiry_id))
    return len(ended.all())


def _keep_evidence(session: Session, vault: Vault, inquiry: Inquiry) -> None:
    """Consents from before there was evidence get theirs now, from what is opened for the last time."""
    person = _open_person(session, vault, inquiry)
    phone = vault.key_evidence("phone", person["phone"]) if person["phone"] else None
    mine = (Consent.inquiry_id == inquiry.id, Consent.email_evidence.is_(None))
    values = {"email_evidence": vault.key_evidence("email", person["email"]), "phone_evidence": phone}
    session.execute(update(Consent).where(*mine).values(values), execution_options={"synchronize_session": False})


def _open_person(session: Session, vault: Vault, inquiry: Inquiry) -> dict[str, str]:
    contact = session.get_one(Contact, inquiry.id, populate_existing=True)
    if contact.erased_at is not None or contact.wrapped_key is None:
        raise ErasedAlreadyError(_say_when(contact.erased_at))
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    person: dict[str, str] = key.open_json(contact.sealed or b"", "person")
    return person


def _destroy_key(session: Session, inquiry_id: int) -> datetime:
    at = now(session)
    gone = dict.fromkeys(("wrapped_key", "sealed", "page_sealed", "email_index", "phone_index"))
    mine = update(Contact).where(Contact.inquiry_id == inquiry_id, Contact.erased_at.is_(None))
    destroyed = mine.values(**gone, erased_at=at).returning(Contact.inquiry_id)
    if session.scalar(destroyed, execution_options={"synchronize_session": False}) is None:
        raise ErasedAlreadyError(_say_when(session.get_one(Contact, inquiry_id, populate_existing=True).erased_at))
    return at


def _blank_statements(inquiry_id: int) -> tuple[Update, ...]:
    """What was sealed elsewhere under the same key opens no more; it goes too."""
    leads = select(Lead.id).where(Lead.inquiry_id == inquiry_id)
    choices = select(Choice.id).where(Choice.inquiry_id == inquiry_id)
    consents = select(Consent.id).where(Consent.inquiry_id == inquiry_id)
    deliveries = select(Delivery.id).where(Delivery.lead_id.in_(leads))
    return (
        update(Consent).where(Consent.inquiry_id == inquiry_id).values(address_sealed=None, page_sealed=None),
        update(FormerConsent)
        .where(FormerConsent.consent_id.in_(consents))
        .values(address_sealed=None, page_sealed=None),
        update(Note).where(Note.inquiry_id == inquiry_id).values(body_sealed=b""),
        update(Verdict).where(Verdict.choice_id.in_(choices)).values(note_sealed=None),
        update(DispositionReport).where(DispositionReport.lead_id.in_(leads)).values(note_sealed=None),
        update(Attempt).where(Attempt.delivery_id.in_(deliveries)).values(answer_sealed=None),
    )


def _say_when(erased_at: datetime | None) -> str:
    if erased_at is None:
        return say("The personal data was erased. Nothing was changed.")
    return say("The personal data was erased on %(when)s. Nothing was changed.", when=say_moment(erased_at))
