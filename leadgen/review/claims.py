"""Claims: who works on what, so that two people do not do the same work. A claim lapses after a quarter of an hour.

A claim keeps nobody from looking. It decides nothing either: what two people do at once is settled where it is done.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import insert_unless_there
from leadgen.marks import say
from leadgen.models import Assignment, User

LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class Holder:
    """Who works on something, and until when without another word."""

    user_id: int
    name: str
    since: datetime
    until: datetime


class ClaimedError(Exception):
    """Somebody else works on it. The message says who, and until when."""


def take_claim(session: Session, claim: str, user_id: int) -> None:
    """Claim something, or hold on to it for another quarter hour. Raises ClaimedError where somebody else has it."""
    at = now(session)
    insert_unless_there(session, Assignment, {"subject": claim, "user_id": user_id, "since": at, "until": at})
    free = (Assignment.user_id == user_id) | (Assignment.until <= at)
    if not _hold(session, claim, user_id, at, free):
        raise ClaimedError(say_holder(find_holders(session, {claim})[claim]))


def take_over(session: Session, claim: str, user_id: int) -> None:
    """Claim something whoever has it."""
    at = now(session)
    insert_unless_there(session, Assignment, {"subject": claim, "user_id": user_id, "since": at, "until": at})
    _hold(session, claim, user_id, at, Assignment.subject == claim)


def renew_claims(session: Session, claims: Collection[str], user_id: int) -> list[str]:
    """Hold on to claims for another quarter hour; gives those that the user still has. A claim that lapsed is taken
    again unless somebody else has it by now."""
    at = now(session)
    mine = (Assignment.subject.in_(claims), Assignment.user_id == user_id)
    held = update(Assignment).where(*mine).values(until=at + LEASE).returning(Assignment.subject)
    return sorted(session.scalars(held.execution_options(synchronize_session=False)))


def drop_claim(session: Session, claim: str, user_id: int) -> bool:
    """Let something go. False where the user does not hold it."""
    mine = delete(Assignment).where(Assignment.subject == claim, Assignment.user_id == user_id)
    dropped = mine.returning(Assignment.subject).execution_options(synchronize_session=False)
    return session.scalar(dropped) is not None


def find_holders(session: Session, claims: Collection[str]) -> dict[str, Holder]:
    """Who holds each of these now; those that nobody holds are left out."""
    if not claims:
        return {}
    columns = (Assignment.subject, User.id, User.name, User.email, Assignment.since, Assignment.until)
    query = select(*columns).join(User, User.id == Assignment.user_id)
    query = query.where(Assignment.subject.in_(claims), Assignment.until > now(session))
    rows = session.execute(query)
    return {subject: Holder(number, name or email, since, until) for subject, number, name, email, since, until in rows}


def refuse_claimed(session: Session, claim: str, user_id: int) -> None:
    """Raises ClaimedError where somebody else works on it."""
    holder = find_holders(session, {claim}).get(claim)
    if holder and holder.user_id != user_id:
        raise ClaimedError(say_holder(holder))


def select_claims(user_id: int, at: datetime) -> Select[str]:
    """What a user holds."""
    return select(Assignment.subject).where(Assignment.user_id == user_id, Assignment.until > at)


def holds_some(session: Session, user_id: int, at: datetime) -> bool:
    """Whether a user holds anything at all."""
    return session.scalar(select_claims(user_id, at).limit(1)) is not None


def forget_lapsed(session: Session) -> None:
    """Remove the claims that lapsed."""
    session.execute(delete(Assignment).where(Assignment.until <= now(session)))


def say_holder(holder: Holder) -> str:
    """Like ``Rita Example works on this, until 12:40 UTC at least.``"""
    until = f"{holder.until:%H:%M}"
    return say("%(who)s works on this, until %(until)s UTC at least.", who=holder.name, until=until)


def _hold(session: Session, claim: str, user_id: int, at: datetime, free: object) -> bool:
    goes_on = (Assignment.user_id == user_id) & (Assignment.until > at)
    values = {"user_id": user_id, "since": case((goes_on, Assignment.since), else_=at), "until": at + LEASE}
    held = update(Assignment).where(Assignment.subject == claim, free).values(values)  # type: ignore[arg-type]
    return session.scalar(held.returning(Assignment.subject).execution_options(synchronize_session=False)) is not None
