"""One-use addresses in letters: made with the letter, opened by whoever has it, used up by a POST.

A letter is composed anew for each try, and only the hash of the token is stored. So the token is derived: a MAC
over the purpose and a random salt, which nobody can make without this installation's secret key.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.marks import say
from leadgen.models import Link, LinkPurpose
from leadgen.tokens import hash_token

SALT_BYTES = 16
TOKEN_HEX_DIGITS = 32  # 128 bits


class LinkError(Exception):
    """A link that was used, has run out, or was taken back. The message says so in one line."""


class LinkEndedError(LinkError):
    """A link that was taken back before its time was over."""


def make_link(
    session: Session, secret: str, purpose: LinkPurpose, letter_id: int, life: timedelta, user_id: int | None = None
) -> Link:
    """The link that goes with a letter, good for ``life`` from now."""
    salt, at = secrets.token_bytes(SALT_BYTES), now(session)
    token_hash = hash_token(make_link_token(secret, purpose, salt))
    link = Link(purpose=purpose, letter_id=letter_id, user_id=user_id, salt=salt, token_hash=token_hash)
    link.made_at, link.expires_at = at, at + life
    session.add(link)
    session.flush()
    return link


def make_link_token(secret: str, purpose: LinkPurpose, salt: bytes) -> str:
    """The token of a link: 128 bits in hexadecimal."""
    return hmac.new(secret.encode(), f"link:{purpose}:".encode() + salt, sha256).hexdigest()[:TOKEN_HEX_DIGITS]


def find_link(session: Session, purpose: LinkPurpose, token: str) -> Link:
    """The link that this token opens. Changes nothing. Raises LinkError where there is none that still holds."""
    query = select(Link).where(Link.purpose == purpose, Link.token_hash == hash_token(token))
    link = session.scalars(query).one_or_none()
    if link is None:
        raise LinkError(say("This link is not one of ours, or a part of it is missing."))
    if link.used_at:
        raise LinkError(say("This link was used already."))
    if link.ended_at:
        raise LinkEndedError(say("This link has run out."))
    if link.expires_at <= now(session):
        raise LinkError(say("This link has run out."))
    return link


def use_link(session: Session, link: Link) -> None:
    """Use a link up. Raises LinkError where somebody else has just done so, or it ran out meanwhile."""
    at = now(session)
    still = (Link.id == link.id, Link.used_at.is_(None), Link.ended_at.is_(None), Link.expires_at > at)
    used = update(Link).where(*still).values(used_at=at).returning(Link.id)
    if session.scalar(used.execution_options(synchronize_session=False)) is None:
        raise LinkError(say("This link was used already."))


def end_links(session: Session, purpose: LinkPurpose, user_id: int, at: datetime) -> None:
    """Take back every unused link of a purpose that a user was sent: only the newest letter counts."""
    open_links = (Link.purpose == purpose, Link.user_id == user_id, Link.used_at.is_(None), Link.ended_at.is_(None))
    ended = update(Link).where(*open_links).values(ended_at=at)
    session.execute(ended.execution_options(synchronize_session=False))
