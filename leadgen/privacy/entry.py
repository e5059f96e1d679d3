"""The half hour in which she may see and change what she gave: begun by a link from a letter, kept by a cookie."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.models import Entry, Letter
from leadgen.tokens import hash_token, make_token

LIFE = timedelta(minutes=30)
LETTERS_AN_HOUR = 3


def begin_entry(session: Session, inquiry_id: int) -> str:
    """A new entry to one inquiry; gives the token for her cookie."""
    token, at = make_token(), now(session)
    session.add(Entry(inquiry_id=inquiry_id, token_hash=hash_token(token), made_at=at, expires_at=at + LIFE))
    session.flush()
    return token


def find_entry(session: Session, inquiry_id: int, token: str | None) -> Entry | None:
    """The entry of this cookie, if it is to this inquiry and its half hour is not over by the database's clock."""
    if not token:
        return None
    mine = (Entry.token_hash == hash_token(token), Entry.inquiry_id == inquiry_id)
    return session.scalars(select(Entry).where(*mine, Entry.expires_at > database_now())).one_or_none()


def end_entry(session: Session, entry: Entry) -> None:
    """She leaves: the cookie opens nothing any more."""
    session.delete(entry)
    session.flush()


def forget_entries(session: Session) -> int:
    """Delete entries that are over; gives how many."""
    result = session.execute(delete(Entry).where(Entry.expires_at <= database_now()))
    return int(getattr(result, "rowcount", 0))


def may_write_again(session: Session, inquiry_id: int, kind: str) -> bool:
    """Whether fewer letters of a kind were written about an inquiry in the last hour than anybody needs."""
    recent = (Letter.inquiry_id == inquiry_id, Letter.kind == kind, Letter.created_at > database_now(-3600))
    return (session.scalar(select(func.count()).select_from(Letter).where(*recent)) or 0) < LETTERS_AN_HOUR
