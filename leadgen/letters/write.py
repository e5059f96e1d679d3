"""Letters come into being as rows, are taken back, and forget whom they went to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

SECONDS_OF_A_DAY = 24 * 3600
# what no byte left of: a worker that has claimed a letter compares its state once more before it sends
UNSENT = (State.pending, State.held, State.claimed)


@dataclass(frozen=True)
class WayBack:
    """What the letter's link opens a draft with, and until when it does."""

    token: str
    kept_until: datetime


def write_letter(session: Session, kind: str, inquiry_id: int, at: datetime, key: str = "") -> int:
    """A letter to the person of an inquiry, due now. Gives its id. A letter is unique by its key."""
    return _write(session, {"inquiry_id": inquiry_id}, kind, at, key)


def write_user_letter(session: Session, kind: str, user_id: int, at: datetime, key: str = "") -> int:
    """A letter to a user, due now. Gives its id, by which a link is made that goes with it."""
    return _write(session, {"user_id": user_id}, kind, at, key)


def write_saved_letter(
    session: Session, vault: Vault, draft_id: int, address: str, back: WayBack, at: datetime, language: str = "en"
) -> int:
    """A letter with the way back to a draft, to an address that is nowhere else: sealed with the letter."""
    key = f"letter-{uuid4().hex}"
    told = {"email": address, "token": back.token, "kept_until": back.kept_until.isoformat(), "language": language}
    to: dict[str, int | bytes] = {"sealed": vault.seal_json(told, f"letter:{key}"), "draft_id": draft_id}
    return _write(session, to, SAVED, at, key)


def forget_saved_letters(session: Session, draft_ids: Sequence[int]) -> None:
    """Empty what is sealed with the letters that lead to drafts which are no more, and do not send what was not sent
    yet."""
    if not draft_ids:
        return
    theirs = Letter.draft_id.in_(draft_ids)
    cancelled = {"state": State.cancelled, "reason": "erased", "ended_at": database_now()}
    for statement in (
        update(Letter).where(theirs, Letter.state.in_(UNSENT)).values(cancelled),
        update(Letter).where(theirs).values(sealed=b"", draft_id=None),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def forget_recipients(session: Session, saved_days: int) -> None:
    """Empty what is sealed with letters that are a day older than the ``saved_days`` for which a link holds, so that no
    address is left, whatever became of the draft."""
    before = database_now(-(saved_days + 1) * SECONDS_OF_A_DAY)
    old = (Letter.sealed.is_not(None), Letter.sealed != b"", Letter.created_at <= before)
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


def _write(session: Session, to: Mapping[str, int | bytes], kind: str, at: datetime, key: str) -> int:
    row = {
        "kind": kind,
        "inquiry_id": None,
        "user_id": None,
        "key": key or f"letter-{uuid4().hex}",
        "state": State.pending,
        "due_at": at,
        "created_at": at,
    }
    letter_id = insert_row(session, Letter, row | dict(to))
    outbox.after_commit(session, outbox.Carried.letter, letter_id)
    return letter_id
