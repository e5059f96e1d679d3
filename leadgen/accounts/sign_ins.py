"""Sign-ins: begun with a new random token, found by it, ended for good wherever the browser is.

The cookie holds the token and the row its hash, so that neither a copy of the database nor the secret key opens
anybody's account, and a sign-in that is ended here is ended everywhere.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.orm import Session, contains_eager

from leadgen import history
from leadgen.clock import database_now, now
from leadgen.database import table_of
from leadgen.models import SignIn, Subject, User
from leadgen.tokens import hash_token, make_token

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=30)


class Proof(StrEnum):
    """By what somebody showed who it is."""

    password = "password"  # noqa: S105 - a name
    code = "code"  # after the password
    recovery_code = "recovery_code"  # after the password
    passkey = "passkey"
    letter = "letter"  # the link in an invitation, where no second factor is asked for


class EndedWhy(StrEnum):
    """Why a sign-in ended before its time."""

    signed_out = "signed_out"
    revoked = "revoked"
    password = "password"  # noqa: S105 - a name
    second_factor = "second_factor"
    role = "role"
    switched_off = "switched_off"


def start_sign_in(session: Session, user: User, proof: Proof, browser: str) -> str:
    """Sign a user in; gives the token for the cookie, which is new each time and stored nowhere."""
    token, at = make_token(), now(session)
    row = SignIn(user_id=user.id, token_hash=hash_token(token), browser=browser, started_at=at, seen_at=at)
    row.ends_at = at + LONGEST
    session.add(row)
    session.flush()
    tell(session, user.id, "user.signed_in", name_user(user.id), by=proof)
    return token


def find_sign_in(session: Session, token: str) -> tuple[SignIn, User] | None:
    """The sign-in of a cookie, and who it is; None where it ended, lapsed, or the user was switched off."""
    query = (
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .outerjoin(User.roles)
        .options(contains_eager(User.roles))
        .where(SignIn.token_hash == hash_token(token), User.active.is_(True), *_is_live())
    )
    # one row for each role
    found = session.execute(query).unique().one_or_none()
    return (found[0], found[1]) if found else None


def list_sign_ins(session: Session, user_id: int) -> list[SignIn]:
    """Where a user is signed in now, the latest first."""
    query = select(SignIn).where(SignIn.user_id == user_id, *_is_live())
    return list(session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


def touch_sign_in(connection: Connection, sign_in_id: int) -> None:
    """Note that the user is still there."""
    row = table_of(SignIn).c
    still = (row.id == sign_in_id, row.ended_at.is_(None))
    connection.execute(update(table_of(SignIn)).where(*still).values(seen_at=database_now()))


def end_sign_in(session: Session, user_id: int, sign_in_id: int, why: EndedWhy, actor: str) -> bool:
    """End one sign-in of a user. False where there is none with this number, or it ended already."""
    return bool(_end(session, user_id, why, actor, SignIn.id == sign_in_id))


def end_sign_ins(session: Session, user_id: int, why: EndedWhy, actor: str, keep: int | None = None) -> int:
    """End every sign-in of a user but the one to keep. Gives how many ended."""
    return _end(session, user_id, why, actor, SignIn.id != (keep or 0))


def forget_sign_ins(session: Session) -> None:
    """Delete the rows of sign-ins that are long over. The account's history keeps that they were."""
    session.execute(delete(SignIn).where(SignIn.ends_at < database_now(-KEPT.total_seconds())))


def name_user(user_id: int) -> str:
    """A user as histories name one who acts, like ``user:7``."""
    return f"user:{user_id}"


def tell(session: Session, user_id: int, kind: str, actor: str, **data: Any) -> None:
    """Add a line to the history of an account."""
    history.append(session, Subject.account, user_id, history.Line(kind, actor, data))


def needs_touch(sign_in: SignIn, at: datetime) -> bool:
    """Whether it is time to note that the user is still there."""
    return at - sign_in.seen_at >= SEEN_EVERY


def _is_live() -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.ended_at.is_(None),
        SignIn.ends_at > database_now(),
        SignIn.seen_at > database_now(-IDLE.total_seconds()),
    )


def _end(session: Session, user_id: int, why: EndedWhy, actor: str, *which: ColumnElement[bool]) -> int:
    ending = (
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), *which)
        .values(ended_at=now(session), ended_why=why)
        .returning(SignIn.ends_at)
    )
    at = now(session)
    ended = list(session.scalars(ending.execution_options(synchronize_session=False)))
    if ended:
        kind = "user.signed_out" if why is EndedWhy.signed_out else "user.sign_ins_ended"
        lapsed = sum(ends_at <= at for ends_at in ended)
        tell(session, user_id, kind, actor, why=why, sign_ins=len(ended) - lapsed)
    return len(ended)
