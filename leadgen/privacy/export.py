"""All that is held about a person, as plain data: what she gave, what she agreed to, who has it, and what happened."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.models import Contact, Inquiry, Note, Subject
from leadgen.privacy.at_school import describe_school
from leadgen.privacy.opened import name_actor, open_page, write_moment
from leadgen.vault import Key, Vault


def export_inquiry(session: Session, vault: Vault, inquiry: Inquiry) -> dict[str, Any]:
    """Everything of one inquiry, opened: whatever an erasure blanks stands here. Raises ErasedError once she was
    erased."""
    contact = session.get_one(Contact, inquiry.id)
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    return {
        "reference": inquiry.reference,
        "sent_at": write_moment(inquiry.received_at),
        "program": inquiry.program_title,
        "opted_out_of_sale": inquiry.opted_out_of_sale,
        "place": {"zip": inquiry.zip, "city": inquiry.city, "state": inquiry.state},
        "asked_for": {name: value for name, value in inquiry.criteria.items() if value not in (None, [], "")},
        "person": key.open_json(contact.sealed or b"", "person"),
        "schools": [describe_school(session, key, inquiry, consent) for consent in inquiry.consents],
        "notes": [_open_note(key, note) for note in _find_notes(session, inquiry)],
        "history": [
            {
                "at": write_moment(event.happened_at),
                "what": event.kind,
                "by": name_actor(session, event.actor),
                "facts": event.data,
            }
            for event in history.read_history(session, Subject.inquiry, inquiry.id)
        ],
        "page_as_shown": open_page(key, contact.page_sealed, "page"),
    }


def _find_notes(session: Session, inquiry: Inquiry) -> list[Note]:
    return list(session.scalars(select(Note).where(Note.inquiry_id == inquiry.id).order_by(Note.id)))


def _open_note(key: Key, note: Note) -> dict[str, Any]:
    return {"at": write_moment(note.written_at), "by": "our staff", "words": key.open(note.body_sealed, "note")}
