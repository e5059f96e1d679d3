"""The offerings that may fit, read from the database: narrowed on the offering table alone, then measured.

Core columns, not ORM entities (a third of the cost), and no join before narrowing (tens of times the cost).
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from leadgen.geo.distance import box_around, geodesic_miles, great_circle_miles, settle_miles
from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate, OfferingFacts, find_reach_miles
from leadgen.matching.room import find_full_schools, name_schools
from leadgen.matching.rules import EVERY_STATE
from leadgen.models import Campus, Format, Offering, School, SchoolStatus

_offering = Offering.__table__.c
_school = School.__table__.c
_campus = Campus.__table__.c
_FACTS = tuple(_offering[name] for name in OfferingFacts._fields)


class Description(NamedTuple):
    """What a page shows of an offering besides the facts that matching reads."""

    school: str
    campus: str
    city: str
    state: str
    schedule: tuple[str, ...] | None
    accreditor: str | None
    website: str | None


def select_in_person(session: Session, program: str, place: Place, radius_miles: float | None) -> list[OfferingFacts]:
    """Campus and hybrid offerings in a box around the place, anywhere when the radius is None."""
    # "not online", since "campus or hybrid" would lead the planner to the other index
    narrowed = [_offering.format != Format.online]
    if radius_miles is not None:
        south, north, ranges = box_around(place.point, radius_miles)
        narrowed.append(_offering.latitude.between(south, north))
        narrowed.append(or_(*(_offering.longitude.between(west, east) for west, east in ranges)))
    return _select(session, program, *narrowed)


def select_online(session: Session, program: str, state: str | None) -> list[OfferingFacts]:
    """Online offerings; with a state, only those that may enroll its residents."""
    narrowed: list[ColumnElement[bool]] = [_offering.format == Format.online]
    if state is not None:
        narrowed.append(or_(*(_offering.online_states.contains((word,)) for word in (state, EVERY_STATE))))
    return _select(session, program, *narrowed)


def make_candidates(
    session: Session, criteria: Criteria, place: Place, offerings: list[OfferingFacts]
) -> list[Candidate]:
    """Offerings with what the rules need besides: distance, and whether the school takes inquiries and has room."""
    school_ids = {offering.school_id for offering in offerings}
    closed = _find_schools_not_taking(session, school_ids)
    full = find_full_schools(session, school_ids)
    return [
        Candidate(
            offering,
            criteria,
            place.state,
            _settle(criteria, place, offering),
            offering.school_id not in closed,
            offering.school_id not in full,
        )
        for offering in offerings
    ]


def measure_exactly(candidate: Candidate, place: Place) -> Candidate:
    """The candidate with its geodesic distance, which is the one that is shown."""
    if candidate.miles is None:
        return candidate
    point = (candidate.offering.latitude, candidate.offering.longitude)
    return candidate._replace(miles=geodesic_miles(place.point, point))


def describe_offerings(session: Session, offering_ids: Iterable[str]) -> dict[str, Description]:
    """Names and places of a few offerings, by offering id."""
    rows = session.execute(
        select(
            _offering.id,
            _school.name,
            _campus.name,
            _campus.city,
            _campus.state,
            _offering.schedule,
            _school.accreditor,
            _school.website,
        )
        .join(School.__table__, _school.id == _offering.school_id)
        .join(Campus.__table__, _campus.id == _offering.campus_id)
        .where(_offering.id.in_(list(offering_ids)))
    )
    return {offering_id: Description(*rest) for offering_id, *rest in rows}


def list_programs(session: Session) -> list[str]:
    """The programs that some school of the directory offers, in alphabetical order."""
    rows = session.scalars(select(_offering.program).where(_offering.retired.is_(False)).distinct())
    return sorted(rows)


def _select(session: Session, program: str, *narrowed: ColumnElement[bool]) -> list[OfferingFacts]:
    statement = select(*_FACTS).where(_offering.program == program, _offering.retired.is_(False), *narrowed)
    return [OfferingFacts(*row) for row in session.execute(statement)]


def _find_schools_not_taking(session: Session, school_ids: set[str]) -> frozenset[str]:
    statement = select(_school.id).where(
        or_(_school.status != SchoolStatus.taking, _school.retired_at.is_not(None)), *name_schools(school_ids)
    )
    return frozenset(session.scalars(statement))


def _settle(criteria: Criteria, place: Place, offering: OfferingFacts) -> float | None:
    if offering.format is Format.online:
        return None
    point, reach = (offering.latitude, offering.longitude), find_reach_miles(criteria, offering)
    return great_circle_miles(place.point, point) if reach is None else settle_miles(place.point, point, reach)
