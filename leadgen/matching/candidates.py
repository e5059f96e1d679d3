"""The offerings that may fit, read from the database: narrowed on the offering table alone, then measured.

Core columns, not ORM entities (a third of the cost), and no join before narrowing (tens of times the cost).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from leadgen.geo.distance import box_around, geodesic_miles, great_circle_miles, settle_miles
from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate, OfferingFacts, find_reach_miles
from leadgen.matching.room import find_hidden
from leadgen.matching.rules import EVERY_STATE
from leadgen.models import Format, Offering
from leadgen.models.base import Words

_offering = Offering.__table__.c
# more would pass what a database takes in one statement
NAMED_AT_ONCE = 1_000
_RANGES = ("first", "second")

_TAUGHT = select(*(_offering[name] for name in OfferingFacts._fields)).where(
    _offering.program == bindparam("program"), _offering.retired.is_(False), _offering.covered.is_(False)
)
# "not online", since "campus or hybrid" would lead the planner to the other index
_IN_PERSON = _TAUGHT.where(_offering.format != Format.online)
_IN_BOX = _IN_PERSON.where(
    _offering.latitude.between(bindparam("south"), bindparam("north")),
    or_(*(_offering.longitude.between(bindparam(f"{name}_west"), bindparam(f"{name}_east")) for name in _RANGES)),
)
_ONLINE = _TAUGHT.where(_offering.format == Format.online)
_ONLINE_IN_STATE = _ONLINE.where(
    or_(*(_offering.online_states.contains(bindparam(name, type_=Words)) for name in ("state", "every_state")))
)
_NAMED = select(*(_offering[name] for name in OfferingFacts._fields)).where(
    _offering.id.in_(bindparam("offerings", expanding=True))
)
_PROGRAMS = select(_offering.program).where(_offering.retired.is_(False)).distinct()


def select_in_person(session: Session, program: str, place: Place, radius_miles: float | None) -> list[OfferingFacts]:
    """Campus and hybrid offerings in a box around the place, anywhere when the radius is None."""
    if radius_miles is None:
        return _select(session, _IN_PERSON, program=program)
    south, north, ranges = box_around(place.point, radius_miles)
    (first_west, first_east), (second_west, second_east) = ranges[0], ranges[-1]
    return _select(
        session,
        _IN_BOX,
        program=program,
        south=south,
        north=north,
        first_west=first_west,
        first_east=first_east,
        second_west=second_west,
        second_east=second_east,
    )


def select_online(session: Session, program: str, state: str | None) -> list[OfferingFacts]:
    """Online offerings; with a state, only those that may enroll its residents."""
    if state is None:
        return _select(session, _ONLINE, program=program)
    return _select(session, _ONLINE_IN_STATE, program=program, state=(state,), every_state=(EVERY_STATE,))


def select_named(session: Session, offering_ids: Sequence[str]) -> list[OfferingFacts]:
    """These offerings, in no certain order."""
    return [
        offering
        for start in range(0, len(offering_ids), NAMED_AT_ONCE)
        for offering in _select(session, _NAMED, offerings=offering_ids[start : start + NAMED_AT_ONCE])
    ]


def make_candidates(
    session: Session, criteria: Criteria, place: Place, offerings: list[OfferingFacts]
) -> list[Candidate]:
    """Offerings with what the rules need besides: distance, and whether the school takes inquiries and has room."""
    hidden = find_hidden(session, {offering.school_id for offering in offerings})
    closed, full, full_offerings, again, spent = hidden
    return [
        Candidate(
            offering,
            criteria,
            place.state,
            _settle(criteria, place, offering),
            offering.school_id not in closed,
            offering.school_id not in full and offering.id not in full_offerings,
            again.get(offering.id) or again.get(offering.school_id, ""),
            offering.id in spent or (offering.id not in full_offerings and offering.school_id in spent),
        )
        for offering in offerings
    ]


def measure_exactly(candidate: Candidate, place: Place) -> Candidate:
    """The candidate with its geodesic distance, which is the one that is shown."""
    if candidate.miles is None:
        return candidate
    point = (candidate.offering.latitude, candidate.offering.longitude)
    return candidate._replace(miles=geodesic_miles(place.point, point))


def list_programs(session: Session) -> list[str]:
    """The programs that some school of the directory offers, in alphabetical order."""
    return sorted(session.scalars(_PROGRAMS))


def _select(session: Session, statement: Select[Any], **values: Any) -> list[OfferingFacts]:
    return [OfferingFacts(*row) for row in session.execute(statement, values)]


def _settle(criteria: Criteria, place: Place, offering: OfferingFacts) -> float | None:
    if offering.format is Format.online:
        return None
    point, reach = (offering.latitude, offering.longitude), find_reach_miles(criteria, offering)
    return great_circle_miles(place.point, point) if reach is None else settle_miles(place.point, point, reach)
