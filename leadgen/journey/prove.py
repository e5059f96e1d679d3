"""Prove a consent: gather what was kept of it, write down who took it and why, and give the files."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from leadgen import history
from leadgen.clock import now
from leadgen.intake.page import find_sheets, open_page
from leadgen.intake.proof import Evidence, write_proof
from leadgen.models import Consent, Event, Inquiry, Lead, Subject
from leadgen.vault import ErasedError, Key, Vault

PROVED = "consent.proved"


def prove_for_staff(session: Session, vault: Vault, lead: Lead, actor: str, reason: str) -> bytes:
    """The whole proof, with all that she gave on that page. ``reason`` is a code."""
    evidence = _gather(session, vault, lead, with_address=True)
    _tell(session, lead, actor, {"reason": reason})
    return write_proof(evidence, for_school=False)


def prove_for_school(session: Session, vault: Vault, lead: Lead, actor: str) -> bytes:
    """The proof for the lead's own school: nothing about other schools, no address or number that it may not use."""
    evidence = _gather(session, vault, lead, with_address=False)
    _tell(session, lead, actor, {})
    return write_proof(evidence, for_school=True)


def _gather(session: Session, vault: Vault, lead: Lead, *, with_address: bool) -> Evidence:
    inquiry = session.get_one(Inquiry, lead.inquiry_id)
    mine = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    consent = session.scalars(select(Consent).where(*mine).options(selectinload(Consent.channels))).one()
    key = _find_key(vault, inquiry)
    opened = open_page(key, consent, inquiry.contact) if key else None
    return Evidence(
        lead=lead,
        inquiry=inquiry,
        consent=consent,
        history=_read_history(session, consent),
        page=opened[1] if opened else None,
        sheets=find_sheets(session, consent.styles or ()) if opened else (),
        erased=key is None,
        made_at=now(session),
        address=_open_address(key, consent) if key and with_address else None,
    )


def _find_key(vault: Vault, inquiry: Inquiry) -> Key | None:
    try:
        return vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    except ErasedError:
        return None


def _open_address(key: Key, consent: Consent) -> str | None:
    sealed = consent.address_sealed
    return key.open(sealed, f"consent:{consent.school_id}:address") if sealed else None


def _read_history(session: Session, consent: Consent) -> list[Event]:
    return history.read_history(session, Subject.inquiry, consent.inquiry_id)


def _tell(session: Session, lead: Lead, actor: str, more: dict[str, str]) -> None:
    facts = {"school": lead.school_id, "lead": lead.reference} | more
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(PROVED, actor, facts))
