"""Which caps are reached: places that leads hold, and leads that wait for one, counted in the school's own periods.

Waiting are leads that are released, not yet sent, and sure to take a place when they are.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import bindparam, distinct, func, select
from sqlalchemy.orm import Session

from leadgen.caps import Cap, is_place_of, list_places, name_campus
from leadgen.models import About, Campus, CapUse, Choice, Delivery, Inquiry, Lead, Match, Offering, State

WAITING_STATES = (State.pending, State.held, State.claimed)

_lead = Lead.__table__.c
_delivery = Delivery.__table__.c
_use = CapUse.__table__.c
_offering = Offering.__table__.c
_campus = Campus.__table__.c
_inquiry = Inquiry.__table__.c
_choice = Choice.__table__.c
_match = Match.__table__.c

_USE = select(_use.school_id, _use.period, _use.used).where(
    _use.school_id.in_(bindparam("schools", expanding=True)), _use.period.in_(bindparam("periods", expanding=True))
)
_IS_WAITING = (
    _delivery.school_id.in_(bindparam("schools", expanding=True)),
    _delivery.state.in_(WAITING_STATES),
    _delivery.about == About.lead,
)
_JOINED = Delivery.__table__.join(Lead.__table__, _lead.id == _delivery.lead_id)
_WAITING = (
    select(_delivery.school_id, _lead.slots, func.count(distinct(_lead.id)))
    .select_from(_JOINED)
    .where(*_IS_WAITING)
    .group_by(_delivery.school_id, _lead.slots)
)
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
_WAITING_LEADS = (
    select(_delivery.school_id, _lead.slots, _inquiry.program, _FIRST_CAMPUS)
    .select_from(_JOINED.join(Inquiry.__table__, _inquiry.id == _lead.inquiry_id))
    .where(*_IS_WAITING)
    .group_by(_lead.id, _delivery.school_id, _lead.slots, _inquiry.program, _lead.inquiry_id, _lead.school_id)
)


class Capped(Protocol):
    """A school with caps."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def timezone(self) -> str:
        """The zone in whose days it counts."""

    @property
    def caps(self) -> tuple[Cap, ...]:
        """Its own, and those of its parts."""


class _Waiting(NamedTuple):
    """Some leads of a school that wait, alike in the places that they hold and the parts that they belong to."""

    slots: tuple[str, ...]
    parts: frozenset[str]
    number: int


def find_reached(session: Session, capped: Sequence[Capped], at: datetime) -> dict[str, list[Cap]]:
    """The caps that are reached, by school."""
    if not capped:
        return {}
    places = {school.id: list_places(school.caps, school.timezone, at) for school in capped}
    used = _read_use(session, places)
    waiting = _count_waiting(session, capped)
    return {
        school_id: [
            cap
            for place, cap in caps.items()
            if used.get((school_id, place), 0) + _count_for(cap, waiting.get(school_id, ())) >= cap.most
        ]
        for school_id, caps in places.items()
    }


def _read_use(session: Session, places: dict[str, dict[str, Cap]]) -> dict[tuple[str, str], int]:
    names = {place for caps in places.values() for place in caps}
    rows = session.execute(_USE, {"schools": list(places), "periods": sorted(names)})
    return {(school_id, period): used for school_id, period, used in rows}


def _count_waiting(session: Session, capped: Sequence[Capped]) -> dict[str, list[_Waiting]]:
    waiting: dict[str, list[_Waiting]] = {}
    whole = [school.id for school in capped if not any(cap.part for cap in school.caps)]
    parted = [school.id for school in capped if any(cap.part for cap in school.caps)]
    if whole:
        for school_id, slots, number in session.execute(_WAITING, {"schools": whole}):
            waiting.setdefault(school_id, []).append(_Waiting(slots, frozenset(), number))
    if parted:
        for school_id, slots, program, campus in session.execute(_WAITING_LEADS, {"schools": parted}):
            waiting.setdefault(school_id, []).append(_Waiting(slots, name_parts(program, campus), 1))
    return waiting


def _count_for(cap: Cap, waiting: Iterable[_Waiting]) -> int:
    """How many of those that wait will take a place under this cap."""
    return sum(
        each.number
        for each in waiting
        if (not cap.part or cap.part in each.parts) and not any(is_place_of(cap, place) for place in each.slots)
    )


def name_parts(program: str, campus: str | None) -> frozenset[str]:
    """The parts of a school that an offering belongs to."""
    return frozenset({program, name_campus(campus)} if campus else {program})
