"""Pause, close, retire and resume: a school, a campus, an offering. What waits for a school is looked at again."""

from datetime import date

from sqlalchemy.orm import Session

from leadgen.delivery.endpoints import find_lead_endpoints, look_again, release_held
from leadgen.directory.about import find_last
from leadgen.directory.records import Key, Noun
from leadgen.directory.standing import InUseError, resume_record, retire_record, set_status
from leadgen.marks import say
from leadgen.models import About, Delivery, Event, School, SchoolStatus


class StandsAlreadyError(Exception):
    """Somebody was first: it is so already. ``last`` is the line of history that tells who and when."""

    def __init__(self, words: str, last: Event | None) -> None:
        super().__init__(words)
        self.last = last


def pause_school(session: Session, school_id: str, actor: str, reason: str, until: date | None = None) -> None:
    """Nobody is shown the school any more, and its leads wait, until that day begins there where one is given.
    Raises StandsAlreadyError, NotThereError."""
    _set_status(session, school_id, SchoolStatus.paused, actor, reason, until)


def close_school(session: Session, school_id: str, actor: str, reason: str) -> int:
    """Nobody is shown the school any more, and the leads that wait are cancelled; gives how many deliveries the rules
    look at for that. Raises StandsAlreadyError, NotThereError."""
    _set_status(session, school_id, SchoolStatus.closed, actor, reason)
    return _settle_waiting_leads(session, school_id)


def resume_school(session: Session, school_id: str, actor: str, reason: str) -> int:
    """Take inquiries again, from paused, closed or retired; gives how many deliveries are due again.

    What was cancelled meanwhile stays so. Raises StandsAlreadyError, NotThereError; InUseError where its leads would
    go nowhere."""
    school = session.get(School, school_id)
    if school is not None and not school.listed and not find_lead_endpoints(session, school_id):
        raise InUseError(
            say("The school has no endpoint that takes leads. Add an endpoint first, or resume a retired one.")
        )
    if school is not None and school.retired_at is not None:
        _change(session, school_id, Noun.school, (school_id,), retire=False, actor=actor, reason=reason)
        if session.get_one(School, school_id).status is not SchoolStatus.taking:
            set_status(session, school_id, SchoolStatus.taking, actor, reason)
    else:
        _set_status(session, school_id, SchoolStatus.taking, actor, reason)
    # what is pending keeps its place in the schedule: a receiver may have asked for the pause
    return release_held(session, Delivery.school_id == school_id)


def retire(session: Session, school_id: str, noun: Noun, key: Key, actor: str, reason: str) -> int:
    """Take a school, campus or offering out of use; of a school, gives how many deliveries the rules look at: leads
    that wait are cancelled. Raises StandsAlreadyError, NotThereError, InUseError."""
    _change(session, school_id, noun, key, retire=True, actor=actor, reason=reason)
    return _settle_waiting_leads(session, school_id) if noun is Noun.school else 0


def resume(session: Session, school_id: str, noun: Noun, key: Key, actor: str, reason: str) -> None:
    """Put a retired campus or offering back into use. Raises StandsAlreadyError, NotThereError, InUseError."""
    _change(session, school_id, noun, key, retire=False, actor=actor, reason=reason)


def _settle_waiting_leads(session: Session, school_id: str) -> int:
    return look_again(session, Delivery.school_id == school_id, Delivery.about == About.lead)


def _set_status(
    session: Session, school_id: str, status: SchoolStatus, actor: str, reason: str, until: date | None = None
) -> None:
    if not set_status(session, school_id, status, actor, reason, until):
        last = find_last(session, school_id, Noun.school, [school_id], field="status")
        raise StandsAlreadyError(say("This school is %(status)s already.", status=status), last)


def _change(session: Session, school_id: str, noun: Noun, key: Key, *, retire: bool, actor: str, reason: str) -> None:
    act = retire_record if retire else resume_record
    if not act(session, school_id, noun, key, actor, reason):
        kinds = (f"{noun}.retired",) if retire else (f"{noun}.restored", f"{noun}.created")
        words = say("This %(noun)s is retired already.", noun=noun)
        if not retire:
            words = say("This %(noun)s is in use already.", noun=noun)
        raise StandsAlreadyError(words, find_last(session, school_id, noun, [key[-1]], kinds))
