"""Challenges for passkeys: each is answered once. The cookie that brings one can be kept and sent again, so that what
was used is remembered here until it has run out."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import insert_first
from leadgen.models import UsedChallenge


def use_challenge(session: Session, challenge: bytes, until: datetime) -> bool:
    """Use a challenge up that is good ``until`` then. False where it was used before: of two at once, one."""
    return insert_first(session, UsedChallenge, {"challenge_hash": sha256(challenge).digest(), "until": until})


def forget_challenges(session: Session) -> None:
    """Delete those that have run out."""
    session.execute(delete(UsedChallenge).where(UsedChallenge.until < database_now()))
