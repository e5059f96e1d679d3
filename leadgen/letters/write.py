"""Letters come into being as rows, are taken back, and forget whom they went to."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.clock import database_now
from leadgen.database import insert_row
from leadgen.letters.kinds import ACCOUNT_CHANGED, INVITED_ELSEWHERE, SAVED, Change
from leadgen.models import Letter, State
from leadgen.vault import Vault

KEPT_SECONDS = 31 * 24 * 3600  # a day longer than the link holds
# what no byte left of: a worker that has claimed a letter compares its state once more before it sends
UNSENT = (State.pending, State.held, State.claimed)


def write_letter(session: Session, kind: str, inquiry_id: int, at: datetime, key: str = "") -> int:
    """A letter to the person of an inquiry, due now. Gives its id. A letter is unique by its key."""
    return _write(session, {"inquiry_id": inquiry_id}, kind, at, key)


def write_user_letter(session: Session, kind: str, user_id: int, at: datetime, key: str = "") -> int:
    """A letter to a user, due now. Gives its id, by which a link is made that goes with it."""
    return _write(session, {"user_id": user_id}, kind, at, key)


def write_saved_letter(
    session: Session, vault: Vault, address: str, token: str, kept_until: datetime, at: datetime, language: str = "en"
) -> int:
    """A letter with the way back to a draft, to an address that is nowhere else: sealed with the letter."""
    key = f"letter-{uuid4().hex}"
    told = {"email": address, "token": token, "kept_until": kept_until.isoformat(), "language": language}
    return _write(session, {"sealed": vault.seal_json(told, f"letter:{key}")}, SAVED, at, key)


def forget_recipients(session: Session) -> None:
    """Empty what is sealed with letters whose link has run out, so that no address is left."""
    old = (Letter.sealed.is_not(None), Letter.sealed != b"", Letter.created_at <= database_now(-KEPT_SECONDS))
    session.execute(update(Letter).where(*old).values(sealed=b"").execution_options(synchronize_session=False))


def tell_account_changed(session: Session, user_id: int, change: Change, at: datetime) -> int:
    """Tell a user that something about the account changed: whoever did not do it or ask for it can speak up."""
    return write_user_letter(session, f"{ACCOUNT_CHANGED}:{change}", user_id, at)


def tell_invited_elsewhere(session: Session, user_id: int, school_id: str, at: datetime) -> None:
    """Tell a user that another school invited the address: once a day for each school."""
    key = f"letter-{INVITED_ELSEWHERE}-{school_id}-{user_id}-{at:%Y-%m-%d}"
    if session.scalar(select(Letter.id).where(Letter.key == key)) is None:
        write_user_letter(session, f"{INVITED_ELSEWHERE}:{school_id}", user_id, at, key)


def cancel_user_letters(session: Session, kind: str, user_id: int, at: datetime) -> None:
    """Do not send what was not sent yet of the letters of a kind to a user."""
    waiting = (Letter.user_id == user_id, Letter.kind == kind, Letter.state.in_(UNSENT))
    cancelled = update(Letter).where(*waiting).values(state=State.cancelled, ended_at=at)
    session.execute(cancelled.execution_options(synchronize_session=False))


def _write(session: Session, to: dict[str, int] | dict[str, bytes], kind: str, at: datetime, key: str) -> int:
    row = {
        "kind": kind,
        "inquiry_id": None,
        "user_id": None,
        "key": key or f"letter-{uuid4().hex}",
        "state": State.pending,
        "due_at": at,
        "created_at": at,
    }
    letter_id = insert_row(session, Letter, row | to)
    outbox.after_commit(session, outbox.Carried.letter, letter_id)
    return letter_id
