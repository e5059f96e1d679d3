"""Do not contact: addresses and numbers whose owners asked so. Kept as blind indexes, beyond every erasure.

A company keeps such a list of its own and heeds it for five years (47 CFR 64.1200(d)(6)); ours ends only when the owner
says so.
"""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import insert_unless_there
from leadgen.models import Suppression


class SuppressedError(Exception):
    """Its owner asked never to be contacted. The message says so."""


def take_turns(session: Session, *indexes: bytes | None) -> None:
    """Of two transactions about the same email or phone at the same moment, the second waits and sees the first. On
    SQLite writers take turns anyway. In order, so that two never wait in a ring."""
    if session.get_bind().dialect.name == "postgresql":
        keys = sorted({int.from_bytes(each[:8], "big", signed=True) for each in indexes if each})
        session.execute(select(*(func.pg_advisory_xact_lock(key) for key in keys)))


def is_suppressed(session: Session, *indexes: bytes | None) -> bool:
    """Whether the owner of one of these (blind indexes; None for a number that was not given) asked so."""
    known = [each for each in indexes if each]
    return session.scalar(select(Suppression.about).where(Suppression.about.in_(known)).limit(1)) is not None


def suppress(session: Session, indexes: Sequence[bytes], actor: str, reason: str) -> None:
    """Put them on the list. Who is on it already stays as it is."""
    facts = {"added_at": now(session), "added_by": actor, "reason": reason}
    insert_unless_there(session, Suppression, *({"about": each, **facts} for each in indexes))


def lift(session: Session, indexes: Sequence[bytes]) -> int:
    """Take them off the list, because the owner asked for it; gives how many were on it."""
    gone = delete(Suppression).where(Suppression.about.in_(indexes)).returning(Suppression.about)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())
