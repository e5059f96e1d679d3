"""Two people at one choice: the second is told what the first decided, who it was and when."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.marks import N_, say, say_moment
from leadgen.models import Choice, User, Verdict
from leadgen.review.verdicts import ReleaseError

DECIDED = {
    "release": N_("Released already by %(who)s on %(when)s."),
    "hold": N_("Held already by %(who)s on %(when)s."),
    "decline": N_("Declined already by %(who)s on %(when)s."),
}
USER = "user:"


def refuse_overtaken(session: Session, choice: Choice, seen: int | None) -> None:
    """Refuse a decision on a choice that got a verdict after the one with the id ``seen``, the last on the page that
    the decision comes from. Raises ReleaseError, which tells of it. None: the decision comes from no page."""
    latest = find_latest(session, choice.id)
    if seen is not None and latest is not None and latest.id > seen:
        raise ReleaseError(say("%(verdict)s Nothing was changed; look again.", verdict=say_verdict(session, latest)))


def say_latest(session: Session, choice: Choice) -> str:
    """The latest verdict on a choice as a sentence; empty where there is none."""
    latest = find_latest(session, choice.id)
    return say_verdict(session, latest) if latest else ""


def say_latest_of(session: Session, choices: Sequence[Choice]) -> str:
    """The newest of the verdicts on these choices as a sentence; empty where there is none."""
    found = [verdict for choice in choices if (verdict := find_latest(session, choice.id))]
    return say_verdict(session, max(found, key=lambda each: each.id)) if found else ""


def find_latest(session: Session, choice_id: int) -> Verdict | None:
    """The verdict that counts."""
    query = select(Verdict).where(Verdict.choice_id == choice_id).order_by(Verdict.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def say_verdict(session: Session, verdict: Verdict) -> str:
    """Like ``Declined already by rita@firststep.example on March 4, 2027 at 05:06:07 UTC.``"""
    who = name_person(session, verdict.actor)
    return say(DECIDED[verdict.outcome], who=who, when=say_moment(verdict.given_at))


def name_person(session: Session, actor: str) -> str:
    """A user's e-mail address; any other actor as histories name it."""
    if not actor.startswith(USER):
        return actor.rpartition(":")[2]
    return session.scalar(select(User.email).where(User.id == int(actor.removeprefix(USER)))) or actor
