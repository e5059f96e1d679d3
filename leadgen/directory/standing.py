"""Whether a school takes inquiries, and whether a record is in use at all: changed by hand, with a reason."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from leadgen.directory.by_hand import NotThereError, list_current, lock_school, write_wanted
from leadgen.directory.kept import STANDING
from leadgen.directory.records import Key, Noun, OfferingRecord, Record, SchoolRecord
from leadgen.marks import say
from leadgen.models import SchoolStatus

STATUS, UNTIL = "status", "paused_until"


class InUseError(Exception):
    """It cannot be retired, or resumed, yet. The message says what comes first."""


def set_status(
    session: Session, school_id: str, status: SchoolStatus, actor: str, reason: str, until: date | None = None
) -> bool:
    """Give a school another status, of a pause also the day on which it ends; False where it has it already.
    Raises NotThereError."""
    stored = lock_school(session, school_id)
    key = (school_id,)
    if (Noun.school, key) in stored.retired:
        raise NotThereError(say("The school %(school)s is retired. Resume it first.", school=school_id))
    wanted = list_current(stored)
    old = wanted[Noun.school][key]
    assert isinstance(old, SchoolRecord)
    wanted[Noun.school][key] = replace(old, status=status, paused_until=until)
    return write_wanted(session, stored, wanted, actor, reason, {(Noun.school, key): {STATUS, UNTIL}}) is not None


def retire_record(session: Session, school_id: str, noun: Noun, key: Key, actor: str, reason: str) -> bool:
    """Take a school, campus or offering out of use; False where it is already.

    Raises NotThereError, and InUseError for a campus at which something is taught."""
    stored = lock_school(session, school_id)
    if key not in stored.records[noun]:
        raise NotThereError(say("There is no %(noun)s %(name)s.", noun=noun, name=key[-1]))
    wanted = list_current(stored)
    if noun is Noun.campus:
        _refuse_campus_in_use(wanted[Noun.offering].values(), key[-1])
    wanted[noun].pop(key, None)
    return write_wanted(session, stored, wanted, actor, reason, {(noun, key): {STANDING}}) is not None


def resume_record(session: Session, school_id: str, noun: Noun, key: Key, actor: str, reason: str) -> bool:
    """Put a retired school, campus or offering back into use; False where it is already.

    Raises NotThereError; InUseError for an offering whose campus is retired."""
    stored = lock_school(session, school_id)
    record = stored.records[noun].get(key)
    if record is None:
        raise NotThereError(say("There is no %(noun)s %(name)s.", noun=noun, name=key[-1]))
    campus = (school_id, record.campus) if isinstance(record, OfferingRecord) else None
    if campus and (Noun.campus, campus) in stored.retired:
        raise InUseError(say("Its campus %(campus)s is retired. Resume the campus first.", campus=campus[-1]))
    wanted = list_current(stored)
    wanted[noun][key] = record
    return write_wanted(session, stored, wanted, actor, reason, {(noun, key): {STANDING}}) is not None


def _refuse_campus_in_use(offerings: Iterable[Record], name: str) -> None:
    taught = sum(isinstance(each, OfferingRecord) and each.campus == name for each in offerings)
    if taught:
        raise InUseError(
            say("1 offering is taught there. Retire or move what is taught first.")
            if taught == 1
            else say("%(count)s offerings are taught there. Retire or move what is taught first.", count=taught)
        )
