"""Askings: which schools staff asked her about, and what she answered."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.letters.write import UNSENT
from leadgen.models import Answer, Asking, Choice, Letter, Link, State


def list_askings(session: Session, inquiry_id: int) -> list[tuple[Asking, Link, Letter]]:
    """The askings of an inquiry with link and letter, oldest first."""
    query = (
        select(Asking, Link, Letter)
        .join(Link, Link.id == Asking.link_id)
        .join(Letter, Letter.id == Link.letter_id)
        .where(Asking.inquiry_id == inquiry_id)
        .order_by(Asking.id)
    )
    return [(asking, link, letter) for asking, link, letter in session.execute(query)]


def find_asking(session: Session, link_id: int) -> Asking:
    """The asking that a link belongs to."""
    return session.scalars(select(Asking).where(Asking.link_id == link_id)).one()


def record_answer(session: Session, asking: Asking, answer: Answer, at: datetime) -> None:
    """Write down what she answered. The caller has used up the link, so nobody else answers too."""
    asking.answer, asking.answered_at = answer, at
    session.flush()


def end_askings(session: Session, inquiry_id: int, at: datetime) -> list[str]:
    """Take back every asking that she has not answered, and do not send its letter; gives the schools."""
    ended = []
    for asking, link, letter in list_askings(session, inquiry_id):
        still_open = (Link.id == link.id, Link.used_at.is_(None), Link.ended_at.is_(None), Link.expires_at > at)
        closed = update(Link).where(*still_open).values(ended_at=at).returning(Link.id)
        if session.scalar(closed, execution_options={"synchronize_session": False}) is not None:
            ended.append(asking.school_id)
            waiting = (Letter.id == letter.id, Letter.state.in_(UNSENT))
            stopped = update(Letter).where(*waiting).values(state=State.cancelled, reason="withdrawn", ended_at=at)
            session.execute(stopped, execution_options={"synchronize_session": False})
    return ended


def find_choice(session: Session, inquiry_id: int, school_id: str) -> Choice | None:
    """The choice of this school as it is now, if the school was shown or asked about."""
    mine = (Choice.inquiry_id == inquiry_id, Choice.school_id == school_id)
    return session.scalars(select(Choice).where(*mine), execution_options={"populate_existing": True}).one_or_none()
