"""Which schools cannot take another inquiry now: paused or closed, or at a cap that they set.

Caps count in days, weeks and months of the school's own time zone, for the whole school or for a campus or a program of
it. Taken are the places that leads hold already, and the leads that wait for one: released, not yet sent, and sure to
take a place when they are.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import bindparam, distinct, func, or_, select
from sqlalchemy.orm import Session

from leadgen import clock
from leadgen.caps import Cap, is_place_of, list_caps, name_campus, name_place
from leadgen.models import (
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
    SchoolStatus,
    State,
    is_taking,
)

WAITING_STATES = (State.pending, State.held, State.claimed)

# with more ids than this, reading every school costs less than naming them
MANY_SCHOOLS = 500

_school = School.__table__.c
_lead = Lead.__table__.c
_delivery = Delivery.__table__.c
_use = CapUse.__table__.c
_offering = Offering.__table__.c
_campus = Campus.__table__.c
_inquiry = Inquiry.__table__.c
_choice = Choice.__table__.c
_match = Match.__table__.c

_CAPS = (_school.daily_cap, _school.weekly_cap, _school.monthly_cap, _school.total_cap, _school.part_caps)
_SCHOOLS = select(
    _school.id, _school.status, _school.retired_at, _school.timezone, _school.paused_until, _school.listed, *_CAPS
)
_IS_SPECIAL = or_(
    _school.status != SchoolStatus.taking, _school.retired_at.is_not(None), *(cap.is_not(None) for cap in _CAPS)
)
_AMONG = _school.id.in_(bindparam("schools", expanding=True))
_SPECIAL = _SCHOOLS.where(_IS_SPECIAL)
_SPECIAL_AMONG = _SPECIAL.where(_AMONG)
_SPECIAL_OR_LISTED_AMONG = _SCHOOLS.where(or_(_IS_SPECIAL, _school.listed), _AMONG)
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
_PART_OFFERINGS = (
    select(_offering.id, _offering.school_id, _offering.program, _campus.name)
    .join(Campus.__table__, _campus.id == _offering.campus_id)
    .where(_offering.school_id.in_(bindparam("schools", expanding=True)), _offering.retired.is_(False))
)


class Unavailable(NamedTuple):
    """Ids of the schools that take no inquiries now: paused, closed, retired or listed ones, and those at a cap; and
    the offerings at a campus or of a program that is at a cap of its own, each with its school."""

    closed: frozenset[str]
    full: frozenset[str]
    full_offerings: Mapping[str, str] = MappingProxyType({})

    @property
    def schools(self) -> frozenset[str]:
        """Those that take none at all."""
        return self.closed | self.full


class _Special(NamedTuple):
    """A school that is closed or has a cap; all others take every inquiry."""

    id: str
    status: SchoolStatus
    retired_at: datetime | None
    timezone: str
    paused_until: date | None
    listed: bool
    caps: tuple[Cap, ...]

    def is_closed(self, at: datetime) -> bool:
        return self.retired_at is not None or not is_taking(self.status, self.paused_until, self.timezone, at)


class _Waiting(NamedTuple):
    """Some leads of a school that wait, alike in the places that they hold and the parts that they belong to."""

    slots: tuple[str, ...]
    parts: frozenset[str]
    number: int


def find_unavailable(session: Session, school_ids: Collection[str], at: datetime | None = None) -> Unavailable:
    """Which of these schools are closed, and which are at a cap. ``at`` is now when not given."""
    rows = session.execute(_SPECIAL_OR_LISTED_AMONG, {"schools": sorted(school_ids)})
    special = [_make_special(*row) for row in rows]
    hidden = _hide(session, special, at)
    return hidden._replace(closed=hidden.closed | {school.id for school in special if school.listed})


def find_hidden(session: Session, school_ids: Collection[str] | None = None, at: datetime | None = None) -> Unavailable:
    """The same, as far as matching shows schools: a listed one is shown although it takes no inquiries."""
    return _hide(session, _select_special(session, school_ids), at)


def _hide(session: Session, special: Sequence[_Special], at: datetime | None) -> Unavailable:
    if not special:
        return Unavailable(frozenset(), frozenset())
    at = at or clock.now(session)
    closed = frozenset(school.id for school in special if school.is_closed(at))
    full = _find_full(session, [school for school in special if school.caps and school.id not in closed], at)
    parts = {school_id: {cap.part for cap in caps if cap.part} for school_id, caps in full.items()}
    whole = frozenset(school_id for school_id, caps in full.items() if any(not cap.part for cap in caps))
    return Unavailable(closed, whole, _find_offerings(session, {name: each for name, each in parts.items() if each}))


def find_full_schools(
    session: Session, school_ids: Collection[str] | None = None, at: datetime | None = None
) -> frozenset[str]:
    """Ids of the schools that are at a cap, among those given (or all). ``at`` is now when not given."""
    return find_hidden(session, school_ids, at).full


def _select_special(session: Session, school_ids: Collection[str] | None) -> list[_Special]:
    if school_ids is None or len(school_ids) > MANY_SCHOOLS:
        rows = session.execute(_SPECIAL)
    else:
        rows = session.execute(_SPECIAL_AMONG, {"schools": sorted(school_ids)})
    return [_make_special(*row) for row in rows]


def _make_special(
    school_id: str,
    status: SchoolStatus,
    retired_at: datetime | None,
    timezone: str,
    until: date | None,
    listed: bool,
    *caps: Any,
) -> _Special:
    return _Special(school_id, status, retired_at, timezone, until, listed, list_caps(*caps))


def _find_full(session: Session, capped: Sequence[_Special], at: datetime) -> dict[str, list[Cap]]:
    """The caps that are reached, by school."""
    if not capped:
        return {}
    places = {school.id: {name_place(cap, school.timezone, at): cap for cap in school.caps} for school in capped}
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


def _count_waiting(session: Session, capped: Sequence[_Special]) -> dict[str, list[_Waiting]]:
    waiting: dict[str, list[_Waiting]] = {}
    whole = [school.id for school in capped if not any(cap.part for cap in school.caps)]
    parted = [school.id for school in capped if any(cap.part for cap in school.caps)]
    if whole:
        for school_id, slots, number in session.execute(_WAITING, {"schools": whole}):
            waiting.setdefault(school_id, []).append(_Waiting(slots, frozenset(), number))
    if parted:
        for school_id, slots, program, campus in session.execute(_WAITING_LEADS, {"schools": parted}):
            waiting.setdefault(school_id, []).append(_Waiting(slots, _name_parts(program, campus), 1))
    return waiting


def _count_for(cap: Cap, waiting: Iterable[_Waiting]) -> int:
    """How many of those that wait will take a place under this cap."""
    return sum(
        each.number
        for each in waiting
        if (not cap.part or cap.part in each.parts) and not any(is_place_of(cap, place) for place in each.slots)
    )


def _find_offerings(session: Session, full_parts: dict[str, set[str]]) -> dict[str, str]:
    if not full_parts:
        return {}
    rows = session.execute(_PART_OFFERINGS, {"schools": sorted(full_parts)})
    return {
        offering_id: school_id
        for offering_id, school_id, program, campus in rows
        if full_parts[school_id] & _name_parts(program, campus)
    }


def _name_parts(program: str, campus: str | None) -> frozenset[str]:
    return frozenset({program, name_campus(campus)} if campus else {program})
