"""An inquiry under way. Her browser holds a random token; the answers stay here, sealed."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Float, Row, bindparam, case, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from leadgen.clock import database_now, now
from leadgen.core import current_settings
from leadgen.intake.answers import SHAPE, Answers, Shown
from leadgen.intake.funnel import count_left
from leadgen.letters.write import WayBack, forget_saved_letters
from leadgen.models import Draft
from leadgen.tokens import hash_token, make_token
from leadgen.vault import Key, Vault, VaultError

FIRST_STEP = "goals"
LINK_BYTES = 16
_ANSWERS = f"answers:{SHAPE}"

# every page of an inquiry reads its draft and most posts save it: by the table, with statements that are built once
_DRAFTS: Any = Draft.__table__
_KEPT_UNTIL = database_now(bindparam("kept_seconds", type_=Float))
# a draft that she had sent to herself is kept for longer, whatever she does with it
_NOT_SOONER = case((_DRAFTS.c.kept_until > _KEPT_UNTIL, _DRAFTS.c.kept_until), else_=_KEPT_UNTIL)
_FOUND = select(*(each for each in _DRAFTS.c if each.name not in ("expires_at", "kept_until", "link_hash")))
_FIND = _FOUND.where(_DRAFTS.c.token_hash == bindparam("hashed"), _DRAFTS.c.expires_at > database_now())
_FIND_BY_LINK = _FOUND.where(_DRAFTS.c.link_hash == bindparam("hashed"), _DRAFTS.c.expires_at > database_now())
_START = (
    insert(_DRAFTS)
    .values(created_at=database_now(), expires_at=_KEPT_UNTIL, furthest=FIRST_STEP)
    .returning(_DRAFTS.c.id, _DRAFTS.c.created_at)
)
_SAVE = (
    update(_DRAFTS)
    .where(_DRAFTS.c.id == bindparam("draft"), _DRAFTS.c.answers_sealed == bindparam("before"))
    .values(
        answers_sealed=bindparam("answers", type_=_DRAFTS.c.answers_sealed.type),
        shown_sealed=bindparam("shown", type_=_DRAFTS.c.shown_sealed.type),
        expires_at=_NOT_SOONER,
        furthest=bindparam("furthest", type_=_DRAFTS.c.furthest.type),
    )
)
_KEEP = (
    update(_DRAFTS)
    .where(_DRAFTS.c.id == bindparam("draft"))
    .values(
        link_hash=bindparam("hashed", type_=_DRAFTS.c.link_hash.type), kept_until=_KEPT_UNTIL, expires_at=_KEPT_UNTIL
    )
    .returning(_DRAFTS.c.kept_until)
)
_MOVE = (
    update(_DRAFTS)
    .where(_DRAFTS.c.id == bindparam("draft"), _DRAFTS.c.answers_sealed == bindparam("before"))
    .values(
        token_hash=bindparam("hashed", type_=_DRAFTS.c.token_hash.type),
        wrapped_key=bindparam("wrapped", type_=_DRAFTS.c.wrapped_key.type),
        answers_sealed=bindparam("answers", type_=_DRAFTS.c.answers_sealed.type),
        shown_sealed=bindparam("shown", type_=_DRAFTS.c.shown_sealed.type),
    )
)
_USE_UP = delete(_DRAFTS).where(_DRAFTS.c.id == bindparam("draft"), _DRAFTS.c.answers_sealed == bindparam("answers"))


@dataclass
class OpenDraft:
    """A draft with its answers in the clear, for the length of one request.

    The list of schools is large and most pages do not look at it, so it is opened when it is asked for, and
    sealed again only when it was replaced. ``answers_sealed`` is what the database holds."""

    id: int
    key: Key
    answers: Answers
    answers_sealed: bytes
    started_at: datetime
    furthest: str = FIRST_STEP
    shown_sealed: bytes | None = None
    _shown: Shown | None = None

    @property
    def seed(self) -> str:
        """By which schools that fit alike take turns on the list: the same for this draft whenever it is made anew."""
        return f"draft {self.id}"

    @property
    def has_list(self) -> bool:
        """Whether there is a list as shown, without opening it."""
        return self.shown_sealed is not None

    @property
    def shown(self) -> Shown | None:
        """The list as shown, or None before the search."""
        if self._shown is None and self.shown_sealed is not None:
            self._shown = Shown.from_json(self.key.open_json(self.shown_sealed, "shown"))
        return self._shown

    @shown.setter
    def shown(self, shown: Shown | None) -> None:
        self._shown = shown
        self.shown_sealed = self.key.seal_json(shown, "shown") if shown else None


def start_draft(session: Session, vault: Vault, answers: Answers) -> tuple[str, OpenDraft]:
    """A new draft, and the token for her cookie."""
    token = make_token()
    hashed = hash_token(token)
    key, wrapped = vault.make_key(_row_name(hashed))
    sealed = key.seal_json(answers, _ANSWERS)
    row = session.execute(
        _START,
        {"token_hash": hashed, "wrapped_key": wrapped, "answers_sealed": sealed, "kept_seconds": _kept_seconds()},
    ).one()
    return token, OpenDraft(row.id, key, answers, sealed, row.created_at)


def find_draft(session: Session, vault: Vault, token: str | None) -> OpenDraft | None:
    """The draft of a cookie, or None where it expired, was sent, never was, or is of another shape."""
    if not token:
        return None
    return _open(session.execute(_FIND, {"hashed": hash_token(token)}).one_or_none(), vault)


def find_by_link(session: Session, vault: Vault, token: str) -> OpenDraft | None:
    """The draft that the link in a letter opens, or None as in `find_draft`. Changes nothing."""
    return _open(session.execute(_FIND_BY_LINK, {"hashed": hash_token(token)}).one_or_none(), vault)


def _open(row: Row[Any] | None, vault: Vault) -> OpenDraft | None:
    if row is None:
        return None
    try:
        key = vault.open_key(row.wrapped_key, _row_name(row.token_hash))
        answers = Answers.from_json(key.open_json(row.answers_sealed, _ANSWERS))
    except VaultError:
        return None
    return OpenDraft(row.id, key, answers, row.answers_sealed, row.created_at, row.furthest, row.shown_sealed)


def save_draft(session: Session, draft: OpenDraft) -> None:
    """Seal the answers again, and keep the draft anew. Raises StaleDataError where another post changed, moved or sent
    it meanwhile: whoever has read the answers before has to read them again."""
    sealed = draft.key.seal_json(draft.answers, _ANSWERS)
    saved = {"draft": draft.id, "answers": sealed, "shown": draft.shown_sealed, "furthest": draft.furthest}
    _change(session, _SAVE, saved | {"before": draft.answers_sealed, "kept_seconds": _kept_seconds()})
    draft.answers_sealed = sealed


def keep_for_later(session: Session, draft: OpenDraft) -> WayBack:
    """Keep a draft for `Settings.keep_saved_days`; gives the token for the link that opens it, 128 bits, and until when
    it is kept. An earlier link opens it no more."""
    token, days = secrets.token_hex(LINK_BYTES), current_settings().keep_saved_days
    kept = {"draft": draft.id, "hashed": hash_token(token), "kept_seconds": timedelta(days=days).total_seconds()}
    return WayBack(token, session.execute(_KEEP, kept).scalar_one())


def move_draft(session: Session, vault: Vault, draft: OpenDraft) -> str:
    """Give a draft to another browser: a fresh token for its cookie, and everything sealed anew under it. The browser
    that had it finds it no more. Raises StaleDataError where another post changed or sent it meanwhile."""
    token, shown, before = make_token(), draft.shown, draft.answers_sealed
    hashed = hash_token(token)
    draft.key, wrapped = vault.make_key(_row_name(hashed))
    draft.answers_sealed = draft.key.seal_json(draft.answers, _ANSWERS)
    draft.shown = shown
    moved = {"draft": draft.id, "hashed": hashed, "wrapped": wrapped, "answers": draft.answers_sealed}
    _change(session, _MOVE, moved | {"shown": draft.shown_sealed, "before": before})
    return token


def use_up_draft(session: Session, draft: OpenDraft) -> None:
    """Delete a draft that is being sent, and forget to whom the way back to it went. Raises StaleDataError where
    another post changed or sent it meanwhile."""
    _change(session, _USE_UP, {"draft": draft.id, "answers": draft.answers_sealed})
    if draft.answers.letters:
        forget_saved_letters(session, [draft.id])


def forget_expired(session: Session) -> int:
    """Delete drafts past their time and forget to whom the ways back to them went; count where they were left, and give
    how many."""
    told = (Draft.furthest, Draft.created_at, Draft.expires_at, Draft.kept_until, Draft.id, Draft.link_hash)
    rows = session.execute(delete(Draft).where(Draft.expires_at <= database_now()).returning(*told)).all()
    forget_saved_letters(session, [row.id for row in rows if row.link_hash is not None])
    used = [(row.furthest, _find_left(row.expires_at, row.kept_until) - row.created_at) for row in rows]
    count_left(session, used, now(session).date())
    return len(rows)


def _find_left(ran_out: datetime, kept_until: datetime | None) -> datetime:
    """When a draft was last touched; or saved for later, where it ran out because nobody came back late enough."""
    # the two are written by one statement, in which PostgreSQL's clock goes on
    if kept_until is not None and ran_out <= kept_until + timedelta(seconds=1):
        return kept_until - timedelta(days=current_settings().keep_saved_days)
    return ran_out - timedelta(seconds=_kept_seconds())


def _change(session: Session, statement: Any, values: dict[str, Any]) -> None:
    result = cast(CursorResult[Any], session.execute(statement, values))
    if not result.rowcount:
        raise StaleDataError("the draft is not as it was read")


def _kept_seconds() -> float:
    return timedelta(hours=current_settings().keep_drafts_hours).total_seconds()


def _row_name(token_hash: bytes) -> str:
    return f"draft:{token_hash.hex()}"
