"""A listed school that agrees to take inquiries: it gets an endpoint, and keeps its facts and its offerings."""

from dataclasses import replace

from sqlalchemy.orm import Session

from leadgen.directory.by_hand import (
    EditError,
    NotThereError,
    Records,
    Written,
    list_current,
    lock_school,
    write_wanted,
)
from leadgen.directory.cells import CellError
from leadgen.directory.kept import CONTACT, ENDPOINTS, STANDING
from leadgen.directory.receiving import list_endpoints
from leadgen.directory.records import Key, Noun, SchoolRecord
from leadgen.marks import say
from leadgen.models import EndpointKind

LISTED = "listed"


def take_off_list(wanted: Records, school_id: str) -> frozenset[str]:
    """Let a school that is about to get an endpoint be a listed one no more; gives what federal files then leave as
    it is. Nothing where it was none."""
    school = wanted[Noun.school].get((school_id,))
    if not isinstance(school, SchoolRecord) or not school.listed:
        return frozenset()
    wanted[Noun.school][school.key] = replace(school, listed=False)
    return frozenset({LISTED, STANDING})


def take_inquiries(
    session: Session, school_id: str, kind: EndpointKind, deliver_to: str, contact_email: str | None, actor: str
) -> Written:
    """Let a listed school receive. The next federal files update its facts and leave this as it is.

    Raises NotThereError where there is no such school, EditError where it takes inquiries already or the address
    does not fit."""
    stored = lock_school(session, school_id)
    key: Key = (school_id,)
    if (Noun.school, key) in stored.retired:
        raise NotThereError(say("The school %(school)s is retired.", school=school_id))
    wanted = list_current(stored)
    marks = take_off_list(wanted, school_id)
    school = wanted[Noun.school][key]
    assert isinstance(school, SchoolRecord)
    if not marks:
        raise EditError({"school_id": say("a listed school; this one has endpoints of its own")})
    wanted[Noun.school][key] = taking = replace(school, contact_email=contact_email or school.contact_email)
    try:
        endpoints = list_endpoints(school_id, kind, deliver_to or None, taking.contact_email)
    except CellError as error:
        raise EditError({"deliver_to": error.expected}) from None
    wanted[Noun.endpoint].update((each.key, each) for each in endpoints)
    edited = {ENDPOINTS, *marks, *([CONTACT] if contact_email else [])}
    return Written(write_wanted(session, stored, wanted, actor, "", {(Noun.school, key): edited}), (), taking)
