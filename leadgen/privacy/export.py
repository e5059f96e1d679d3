"""All that is held about a person, as plain data: what she gave, what she agreed to, who has it, and what happened."""

import zlib
from base64 import b64decode
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.models import Complaint, Consent, Contact, Inquiry, Lead, Note, School, Subject
from leadgen.vault import Key, Vault


def export_inquiry(session: Session, vault: Vault, inquiry: Inquiry) -> dict[str, Any]:
    """Everything of one inquiry, opened. Raises ErasedError once she was erased."""
    contact = session.get_one(Contact, inquiry.id)
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    return {
        "reference": inquiry.reference,
        "sent_at": _iso(inquiry.received_at),
        "program": inquiry.program_title,
        "opted_out_of_sale": inquiry.opted_out_of_sale,
        "place": {"zip": inquiry.zip, "city": inquiry.city, "state": inquiry.state},
        "asked_for": {name: value for name, value in inquiry.criteria.items() if value not in (None, [], "")},
        "person": key.open_json(contact.sealed or b"", "person"),
        "schools": [_describe_consent(session, key, inquiry, consent) for consent in inquiry.consents],
        "notes": [_open_note(key, note) for note in _find_notes(session, inquiry)],
        "history": [
            {"at": _iso(event.happened_at), "what": event.kind, "by": event.actor, "facts": event.data}
            for event in history.read_history(session, Subject.inquiry, inquiry.id)
        ],
        "page_as_shown": _open_page(key, contact),
    }


def _describe_consent(session: Session, key: Key, inquiry: Inquiry, consent: Consent) -> dict[str, Any]:
    mine = (Lead.inquiry_id == inquiry.id, Lead.school_id == consent.school_id)
    lead = session.scalars(select(Lead).where(*mine)).one_or_none()
    complaint = session.get(Complaint, (inquiry.id, consent.school_id))
    address = consent.address_sealed
    return {
        "school": session.get_one(School, consent.school_id).name,
        "agreed_at": _iso(consent.given_at),
        "agreed_to": consent.words,
        "how": consent.act,
        "ways": [str(each.channel) for each in consent.channels],
        "network_address": key.open(address, f"consent:{consent.school_id}:address") if address else None,
        "agreed_before": [
            {"agreed_at": _iso(each.given_at), "agreed_to": each.words, "how": each.act, "ways": list(each.channels)}
            for each in consent.former
        ],
        "withdrawn_at": _iso(consent.withdrawn_at),
        "reference": lead.reference if lead else None,
        "released_at": _iso(lead.released_at) if lead else None,
        "school_says": str(lead.disposition) if lead and lead.disposition else None,
        "you_said_too_many_calls_at": _iso(complaint.made_at) if complaint else None,
    }


def _find_notes(session: Session, inquiry: Inquiry) -> list[Note]:
    return list(session.scalars(select(Note).where(Note.inquiry_id == inquiry.id).order_by(Note.id)))


def _open_note(key: Key, note: Note) -> dict[str, Any]:
    return {"at": _iso(note.written_at), "by": "our staff", "words": key.open(note.body_sealed, "note")}


def _open_page(key: Key, contact: Contact) -> str | None:
    if contact.page_sealed is None:
        return None
    return zlib.decompress(b64decode(key.open(contact.page_sealed, "page"))).decode()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
