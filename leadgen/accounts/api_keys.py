"""Keys for a school's own system: made, shown once, listed by their beginning, revoked. Only a hash is stored.

A key is ``lgk_``, eight letters by which people know it, and 256 random bits, so that SHA-256 is enough to store it by.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.accounts.errors import AccountError
from leadgen.clock import database_now, now
from leadgen.database import insert_row, table_of
from leadgen.marks import say, say_moment
from leadgen.models import ApiKey, School, Subject, User
from leadgen.tokens import hash_token

MARK = "lgk_"
PREFIX_LETTERS = 8
SECRET_BYTES = 32
LONGEST_NAME = 60
MOST_KEYS = 10
USED_EVERY = timedelta(minutes=1)  # how exactly the last use is known
NOBODY = hash_token("")


class RevokeReason(StrEnum):
    """Why a key is revoked."""

    replaced = "replaced"
    unused = "unused"
    leaked = "leaked"


class MadeKey(NamedTuple):
    """A key, and what opens the door: known now, and never again."""

    key: ApiKey
    secret: str


def add_key(session: Session, school_id: str, name: str, actor: str) -> MadeKey:
    """A new key of a school. Raises AccountError where there is no such school, the name will not do or is taken, or
    the school has as many keys as it may have."""
    bare = " ".join(name.split())
    if not bare or len(bare) > LONGEST_NAME:
        raise AccountError(say("Give the key a name, in at most %(most)s characters.", most=LONGEST_NAME))
    # the school is locked: of two who make a key at once, the second finds the first one's
    if session.scalar(select(School.id).where(School.id == school_id).with_for_update(key_share=True)) is None:
        raise AccountError(say("There is no school %(school)s in the directory.", school=repr(school_id)))
    _refuse_more(session, school_id, bare)
    prefix = MARK + secrets.token_hex(PREFIX_LETTERS // 2)
    secret = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    row = {"school_id": school_id, "name": bare, "prefix": prefix, "key_hash": hash_token(secret)}
    made = insert_row(session, ApiKey, row | {"made_at": now(session), "made_by": actor})
    _tell(session, school_id, "key.made", actor, {"key": prefix})
    return MadeKey(session.get_one(ApiKey, made), secret)


def revoke_key(session: Session, key: ApiKey, reason: RevokeReason, actor: str) -> None:
    """Let the key open nothing any more, from now on. Raises AccountError, which tells who did it and when, where
    somebody was first."""
    still = (ApiKey.id == key.id, ApiKey.revoked_at.is_(None))
    ended = update(ApiKey).where(*still).values(revoked_at=database_now(), revoked_by=actor).returning(ApiKey.id)
    found = session.scalar(ended.execution_options(synchronize_session=False))
    session.refresh(key)
    if found is None and key.revoked_at:
        who, when = _name(session, key.revoked_by or ""), say_moment(key.revoked_at)
        raise AccountError(say("Revoked already by %(who)s on %(when)s. Nothing was changed.", who=who, when=when))
    _tell(session, key.school_id, "key.revoked", actor, {"key": key.prefix, "reason": reason})


def list_keys(session: Session, school_id: str) -> list[ApiKey]:
    """The school's keys: those that hold, then those that were revoked, each newest first."""
    mine = select(ApiKey).where(ApiKey.school_id == school_id)
    return list(session.scalars(mine.order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())))


def find_own_key(session: Session, school_id: str, key_id: int) -> ApiKey | None:
    """A key of this school; None for every other school's."""
    return session.scalars(select(ApiKey).where(ApiKey.id == key_id, ApiKey.school_id == school_id)).one_or_none()


def find_by_prefix(session: Session, school_id: str, prefix: str) -> ApiKey | None:
    """A key of this school by its beginning."""
    mine = select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.school_id == school_id)
    return session.scalars(mine).one_or_none()


def find_key(session: Session, secret: str) -> ApiKey | None:
    """The key that this is, if it holds. Takes the same work whether or not there is one with this beginning."""
    prefix = secret[: len(MARK) + PREFIX_LETTERS]
    found = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix)).one_or_none()
    is_same = hmac.compare_digest(found.key_hash if found else NOBODY, hash_token(secret))
    return found if found and is_same and found.revoked_at is None else None


def needs_touch(key: ApiKey, at: datetime) -> bool:
    """Whether it is time to note that the key is in use."""
    return key.used_at is None or at - key.used_at >= USED_EVERY


def touch_key(connection: Connection, key_id: int) -> None:
    """Note that the key was used just now."""
    columns = table_of(ApiKey).c
    earlier = or_(columns.used_at.is_(None), columns.used_at < database_now())
    connection.execute(update(table_of(ApiKey)).where(columns.id == key_id, earlier).values(used_at=database_now()))


def name_key(key: ApiKey) -> str:
    """A key as histories name one that acts, like ``key:lgk_1f3a5b7c``."""
    return f"key:{key.prefix}"


def _refuse_more(session: Session, school_id: str, name: str) -> None:
    holding = (ApiKey.school_id == school_id, ApiKey.revoked_at.is_(None))
    if session.scalar(select(ApiKey.id).where(*holding, ApiKey.name == name)) is not None:
        raise AccountError(say("There is a key with this name already. Nothing was changed."))
    if (session.scalar(select(func.count()).select_from(ApiKey).where(*holding)) or 0) >= MOST_KEYS:
        raise AccountError(say("A school has at most %(most)s keys. Revoke one first.", most=MOST_KEYS))


def _name(session: Session, actor: str) -> str:
    kind, _, number = actor.partition(":")
    if kind != "user" or not number.isdecimal():
        return number or actor
    return session.scalar(select(User.email).where(User.id == int(number))) or actor


def _tell(session: Session, school_id: str, kind: str, actor: str, data: dict[str, str]) -> None:
    history.append(session, Subject.school, school_id, history.Line(kind, actor, data))
