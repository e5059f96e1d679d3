"""An inquiry under way. Her browser holds a random token; the answers stay here, sealed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from leadgen.clock import database_now, now
from leadgen.intake.answers import Answers, Shown
from leadgen.models import Draft
from leadgen.tokens import hash_token, make_token
from leadgen.vault import Key, Vault, VaultError

KEPT_HOURS = 24


class OpenDraft:
    """A draft with its answers in the clear, for the length of one request.

    The list of schools is large and most pages do not look at it, so it is opened when it is asked for, and
    sealed again only when it was replaced."""

    def __init__(self, row: Draft, key: Key, answers: Answers) -> None:
        self.row, self.key, self.answers = row, key, answers
        self._shown: Shown | None = None
        self._in_hand = False

    @property
    def started_at(self) -> datetime:
        return self.row.created_at

    @property
    def has_list(self) -> bool:
        """Whether there is a list as shown, without opening it."""
        return self._shown is not None if self._in_hand else self.row.shown_sealed is not None

    @property
    def shown(self) -> Shown | None:
        """The list as shown, or None before the search."""
        if not self._in_hand and self.row.shown_sealed is not None:
            self._shown, self._in_hand = Shown.from_json(self.key.open_json(self.row.shown_sealed, "shown")), True
        return self._shown

    @shown.setter
    def shown(self, shown: Shown | None) -> None:
        self._shown, self._in_hand = shown, True
        self.row.shown_sealed = self.key.seal_json(shown, "shown") if shown else None


def start_draft(session: Session, vault: Vault, answers: Answers) -> tuple[str, OpenDraft]:
    """A new draft, and the token for her cookie."""
    token = make_token()
    token_hash = hash_token(token)
    key, wrapped = vault.make_key(_row_name(token_hash))
    at = now(session)
    row = Draft(
        token_hash=token_hash,
        wrapped_key=wrapped,
        answers_sealed=key.seal_json(answers, "answers"),
        created_at=at,
        expires_at=at + timedelta(hours=KEPT_HOURS),
    )
    session.add(row)
    return token, OpenDraft(row, key, answers)


def find_draft(session: Session, vault: Vault, token: str | None) -> OpenDraft | None:
    """The draft of a cookie, or None where it expired, was sent, or never was."""
    if not token:
        return None
    query = select(Draft).where(Draft.token_hash == hash_token(token), Draft.expires_at > database_now())
    row = session.scalar(query)
    if row is None:
        return None
    try:
        key = vault.open_key(row.wrapped_key, _row_name(row.token_hash))
    except VaultError:
        return None
    answers = Answers.from_json(key.open_json(row.answers_sealed, "answers"))
    return OpenDraft(row, key, answers)


def save_draft(session: Session, draft: OpenDraft) -> None:
    """Seal the answers again, and keep the draft for another day."""
    draft.row.answers_sealed = draft.key.seal_json(draft.answers, "answers")
    draft.row.expires_at = now(session) + timedelta(hours=KEPT_HOURS)


def use_up_draft(session: Session, draft: OpenDraft) -> None:
    """Delete a draft that is being sent. Raises StaleDataError where another post changed or sent it meanwhile."""
    unchanged = (Draft.token_hash == draft.row.token_hash, Draft.answers_sealed == draft.row.answers_sealed)
    used = delete(Draft).where(*unchanged).returning(Draft.id).execution_options(synchronize_session=False)
    if session.scalar(used) is None:
        raise StaleDataError("the draft is not as it was read")
    session.expunge(draft.row)


def forget_expired(session: Session) -> int:
    """Delete drafts past their time; gives how many."""
    result = session.execute(delete(Draft).where(Draft.expires_at <= database_now()))
    return int(getattr(result, "rowcount", 0))


def _row_name(token_hash: bytes) -> str:
    return f"draft:{token_hash.hex()}"
