"""Which schools cannot take another inquiry now: paused or closed, or at a cap that they set.

A day and a month are those of the school's own time zone. Taken are the places that leads hold already,
and the leads that wait for one: released, not yet sent, and sure to take a place when they are.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from leadgen import clock
from leadgen.models import About, CapUse, Delivery, Lead, School, SchoolStatus, State

WAITING_STATES = (State.pending, State.held, State.claimed)

# with more ids than this, reading every school costs less than naming them
MANY_SCHOOLS = 500

_school = School.__table__.c
_lead = Lead.__table__.c
_delivery = Delivery.__table__.c
_use = CapUse.__table__.c

_SCHOOLS = select(
    _school.id,
    _school.status,
    _school.retired_at,
    _school.timezone,
    _school.daily_cap,
    _school.monthly_cap,
    _school.listed,
)
_IS_SPECIAL = or_(
    _school.status != SchoolStatus.taking,
    _school.retired_at.is_not(None),
    _school.daily_cap.is_not(None),
    _school.monthly_cap.is_not(None),
)
_AMONG = _school.id.in_(bindparam("schools", expanding=True))
_SPECIAL = _SCHOOLS.where(_IS_SPECIAL)
_SPECIAL_AMONG = _SPECIAL.where(_AMONG)
_SPECIAL_OR_LISTED_AMONG = _SCHOOLS.where(or_(_IS_SPECIAL, _school.listed), _AMONG)
_USE = select(_use.school_id, _use.period, _use.used).where(
    _use.school_id.in_(bindparam("schools", expanding=True)), _use.period.in_(bindparam("periods", expanding=True))
)
_WAITING = (
    select(
        _delivery.school_id,
        func.count(distinct(case((_lead.slot_day.is_(None), _lead.id)))),
        func.count(distinct(case((_lead.slot_month.is_(None), _lead.id)))),
    )
    .join(Lead.__table__, _lead.id == _delivery.lead_id)
    .where(
        _delivery.school_id.in_(bindparam("schools", expanding=True)),
        _delivery.state.in_(WAITING_STATES),
        _delivery.about == About.lead,
    )
    .group_by(_delivery.school_id)
)


class Unavailable(NamedTuple):
    """Ids of the schools that take no inquiries now: paused, closed, retired or listed ones, and those at a cap."""

    closed: frozenset[str]
    full: frozenset[str]


class _Special(NamedTuple):
    """A school that is closed or has a cap; all others take every inquiry."""

    id: str
    status: SchoolStatus
    retired_at: datetime | None
    timezone: str
    daily_cap: int | None
    monthly_cap: int | None
    listed: bool

    @property
    def is_closed(self) -> bool:
        return self.status is not SchoolStatus.taking or self.retired_at is not None

    @property
    def is_capped(self) -> bool:
        return self.daily_cap is not None or self.monthly_cap is not None


class _Waiting(NamedTuple):
    day: int
    month: int


def find_unavailable(session: Session, school_ids: Collection[str], at: datetime | None = None) -> Unavailable:
    """Which of these schools are closed, and which are at a cap. ``at`` is now when not given."""
    rows = session.execute(_SPECIAL_OR_LISTED_AMONG, {"schools": sorted(school_ids)})
    special = [_Special(*row) for row in rows]
    hidden = _hide(session, special, at)
    return Unavailable(hidden.closed | {school.id for school in special if school.listed}, hidden.full)


def find_hidden(session: Session, school_ids: Collection[str] | None = None, at: datetime | None = None) -> Unavailable:
    """The same, as far as matching shows schools: a listed one is shown although it takes no inquiries."""
    return _hide(session, _select_special(session, school_ids), at)


def _hide(session: Session, special: Sequence[_Special], at: datetime | None) -> Unavailable:
    closed = frozenset(school.id for school in special if school.is_closed)
    return Unavailable(closed, _find_full(session, [school for school in special if school.is_capped], at))


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
    return [_Special(*row) for row in rows]


def _find_full(session: Session, capped: Sequence[_Special], at: datetime | None) -> frozenset[str]:
    if not capped:
        return frozenset()
    at = at or clock.now(session)
    periods = {school.id: clock.find_periods(school.timezone, at) for school in capped}
    used = _read_use(session, periods)
    waiting = _count_waiting(session, list(periods))
    return frozenset(
        school.id for school in capped if _is_full(school, periods[school.id], used, waiting.get(school.id))
    )


def _read_use(session: Session, periods: dict[str, tuple[str, str]]) -> dict[tuple[str, str], int]:
    names = {period for pair in periods.values() for period in pair}
    rows = session.execute(_USE, {"schools": list(periods), "periods": sorted(names)})
    return {(school_id, period): used for school_id, period, used in rows}


def _count_waiting(session: Session, school_ids: list[str]) -> dict[str, _Waiting]:
    rows = session.execute(_WAITING, {"schools": school_ids})
    return {school_id: _Waiting(*counts) for school_id, *counts in rows}


def _is_full(
    school: _Special, periods: tuple[str, str], used: dict[tuple[str, str], int], waiting: _Waiting | None
) -> bool:
    waits = waiting or _Waiting(0, 0)
    return any(
        cap is not None and used.get((school.id, period), 0) + waiting_for >= cap
        for cap, period, waiting_for in zip((school.daily_cap, school.monthly_cap), periods, waits, strict=True)
    )
