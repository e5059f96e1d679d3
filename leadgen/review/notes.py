"""Notes: what staff write about an inquiry for each other. Sealed like all that may name the person; only added."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.models import Inquiry, Note, Subject
from leadgen.vault import Vault

COLUMN = "note"


def add_note(session: Session, vault: Vault, inquiry: Inquiry, author: str, body: str) -> Note:
    """Add a note, and say in the history that there is one. Raises ErasedError where the person was erased."""
    note = keep_words(session, vault, inquiry, author, body)
    history.append(session, Subject.inquiry, inquiry.id, history.Line("note.added", author))
    return note


def keep_words(session: Session, vault: Vault, inquiry: Inquiry, author: str, body: str) -> Note:
    """Keep the words that somebody gave with an act as a note: the history tells of the act itself."""
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    note = Note(inquiry_id=inquiry.id, author=author, body_sealed=key.seal(body, COLUMN), written_at=now(session))
    session.add(note)
    session.flush()
    return note


def list_notes(session: Session, inquiry_id: int) -> list[Note]:
    """The notes on an inquiry, newest first, still sealed."""
    return list(session.scalars(select(Note).where(Note.inquiry_id == inquiry_id).order_by(Note.id.desc())))
