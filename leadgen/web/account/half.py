"""A half sign-in: the password was right, the second factor is still asked for. It opens nothing, and lapses soon."""

from datetime import datetime, timedelta

from flask import session

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.models import User

HALF = "half"
GOOD_FOR = timedelta(minutes=10)


def begin_half(user: User, next_page: str | None) -> None:
    """Remember, in an otherwise empty session, whose password was right."""
    session.clear()
    until = (now(db.session) + GOOD_FOR).isoformat()
    session[HALF] = {"user": user.id, "mark": user.fs_uniquifier, "until": until, "next": next_page}


def find_half() -> User | None:
    """Whose second factor is asked for; None where no password was given lately, or it was changed since."""
    half = session.get(HALF)
    if not half or datetime.fromisoformat(half["until"]) <= now(db.session):
        return None
    user = db.session.get(User, half["user"])
    return user if user and user.active and user.fs_uniquifier == half["mark"] else None


def find_half_next() -> str | None:
    """Where the user wanted to go."""
    return (session.get(HALF) or {}).get("next")
