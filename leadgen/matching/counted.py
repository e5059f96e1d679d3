"""What counts for caps: places that leads hold, and leads that wait for one.

Waiting are leads that are released, not yet sent, and sure to take a place when they are.
"""

from collections.abc import Callable, Collection, Iterator, Sequence, Sized
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, distinct, func, select
from sqlalchemy.orm import Session

from leadgen.caps import name_campus
from leadgen.models import (
    IS_SPECIAL,
    About,
    Campus,
    CapUse,
    Choice,
    Delivery,
    Inquiry,
    Lead,
    Match,
    Offering,
    School,
    State,
)

WAITING_STATES = (State.pending, State.held, State.claimed)
# with more ids than this, reading every school costs less than naming them
MANY_SCHOOLS = 500
MOST_NAMED = 5_000

_lead = Lead.__table__.c
_delivery = Delivery.__table__.c
_use = CapUse.__table__.c
_offering = Offering.__table__.c
_campus = Campus.__table__.c
_inquiry = Inquiry.__table__.c
_choice = Choice.__table__.c
_match = Match.__table__.c

_JOINED = Delivery.__table__.join(Lead.__table__, _lead.id == _delivery.lead_id)
# the campus that stood first on her list, as `leadgen.delivery.slots` counts it
_FIRST_CAMPUS = (
    select(_campus.name)
    .select_from(Choice.__table__)
    .join(Match.__table__, _match.choice_id == _choice.id)
    .join(Offering.__table__, _offering.id == _match.offering_id)
    .join(Campus.__table__, _campus.id == _offering.campus_id)
    .where(_choice.inquiry_id == _lead.inquiry_id, _choice.school_id == _lead.school_id)
    .order_by(_match.rank, _match.id)
    .limit(1)
    .correlate(Lead.__table__)
    .scalar_subquery()
)
_SPECIAL = select(School.__table__.c.id).where(IS_SPECIAL)
_NAMED: BindParameter[Any] = bindparam("schools", expanding=True)


class Waiting(NamedTuple):
    """Some leads of a school that wait, alike in the places that they hold and the parts that they belong to."""

    slots: tuple[str, ...]
    parts: frozenset[str]
    number: int


def read_use(session: Session, schools: Collection[str], places: Collection[str]) -> dict[tuple[str, str], int]:
    """How much of these places is taken, by school and place; where schools are many, of others too."""
    statement, named = _select_use(_are_many(schools)), list(schools)
    return {
        (school_id, place): used
        for some in in_pieces(sorted(places))
        for school_id, place, used in session.execute(statement, {"schools": named, "periods": some})
    }


def count_waiting(session: Session, whole: Collection[str], parted: Collection[str]) -> dict[str, list[Waiting]]:
    """The leads that wait, by school: of those with caps for the ``whole`` school alone, and of those with caps for
    parts."""
    waiting: dict[str, list[Waiting]] = {}
    for school_id, slots, number in _read(session, _select_waiting, whole):
        waiting.setdefault(school_id, []).append(Waiting(slots, frozenset(), number))
    for school_id, slots, program, campus in _read(session, _select_waiting_leads, parted):
        waiting.setdefault(school_id, []).append(Waiting(slots, name_parts(program, campus), 1))
    return waiting


def in_pieces(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many at a time as any database takes in one statement."""
    return (names[start : start + MOST_NAMED] for start in range(0, len(names), MOST_NAMED))


def name_parts(program: str, campus: str | None) -> frozenset[str]:
    """The parts of a school that an offering belongs to."""
    return frozenset({program, name_campus(campus)} if campus else {program})


def _read(
    session: Session, make: Callable[[bool], Select[*tuple[Any, ...]]], schools: Collection[str]
) -> list[Row[*tuple[Any, ...]]]:
    if not schools:
        return []
    rows = session.execute(make(_are_many(schools)), {"schools": list(schools)})
    return [row for row in rows if row[0] in schools]


def _are_many(schools: Sized) -> bool:
    return len(schools) > MANY_SCHOOLS


@cache
def _select_use(many: bool) -> Select[*tuple[Any, ...]]:
    """Places taken, by school and period."""
    periods: BindParameter[Any] = bindparam("periods", expanding=True)
    return select(_use.school_id, _use.period, _use.used).where(_is_of(_use.school_id, many), _use.period.in_(periods))


@cache
def _select_waiting(many: bool) -> Select[*tuple[Any, ...]]:
    """How many leads of each school wait, by the places that they hold."""
    counted = select(_delivery.school_id, _lead.slots, func.count(distinct(_lead.id))).select_from(_JOINED)
    return counted.where(*_is_waiting(many)).group_by(_delivery.school_id, _lead.slots)


@cache
def _select_waiting_leads(many: bool) -> Select[*tuple[Any, ...]]:
    """The leads that wait, each with its program and campus."""
    joined = _JOINED.join(Inquiry.__table__, _inquiry.id == _lead.inquiry_id)
    told = select(_delivery.school_id, _lead.slots, _inquiry.program, _FIRST_CAMPUS).select_from(joined)
    alike = (_delivery.school_id, _lead.slots, _inquiry.program, _lead.inquiry_id, _lead.school_id)
    return told.where(*_is_waiting(many)).group_by(_lead.id, *alike)


def _is_waiting(many: bool) -> tuple[ColumnElement[bool], ...]:
    return (
        _is_of(_delivery.school_id, many),
        _delivery.state.in_(WAITING_STATES),
        _delivery.about == About.lead,
    )


def _is_of(school_id: ColumnElement[str], many: bool) -> ColumnElement[bool]:
    """Of the schools that are named, or where they are many, of all that may have a cap."""
    return school_id.in_(_SPECIAL if many else _NAMED)
