"""Which schools have no room for another inquiry, under the caps that they set.

A day and a month are those of the school's own time zone. Taken are the places that leads hold already,
and the leads that wait for one: released, not yet sent, and sure to take a place when they are.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, distinct, func, or_, select, tuple_
from sqlalchemy.orm import Session

from leadgen import clock
from leadgen.models import About, CapUse, Delivery, Lead, School, State

WAITING_STATES = (State.pending, State.held, State.claimed)

# with more ids than this, reading every school costs less than naming them
MANY_SCHOOLS = 500

_school = School.__table__.c
_lead = Lead.__table__.c
_delivery = Delivery.__table__.c


class _Capped(NamedTuple):
    id: str
    timezone: str
    daily_cap: int | None
    monthly_cap: int | None


class _Waiting(NamedTuple):
    day: int
    month: int


def find_full_schools(
    session: Session, school_ids: Collection[str] | None = None, at: datetime | None = None
) -> frozenset[str]:
    """Ids of the schools that are at a cap, among those given (or all). ``at`` is now when not given."""
    capped = _select_capped(session, school_ids)
    if not capped:
        return frozenset()
    at = at or clock.now(session)
    periods = {school.id: clock.find_periods(school.timezone, at) for school in capped}
    used = _read_use(session, periods)
    waiting = _count_waiting(session, list(periods))
    return frozenset(
        school.id for school in capped if _is_full(school, periods[school.id], used, waiting.get(school.id))
    )


def name_schools(school_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    """A condition that holds a query to these schools; none where they are not given or too many to name."""
    if school_ids is None or len(school_ids) > MANY_SCHOOLS:
        return []
    return [_school.id.in_(sorted(school_ids))]


def _select_capped(session: Session, school_ids: Collection[str] | None) -> list[_Capped]:
    statement = select(_school.id, _school.timezone, _school.daily_cap, _school.monthly_cap).where(
        or_(_school.daily_cap.is_not(None), _school.monthly_cap.is_not(None)), *name_schools(school_ids)
    )
    return [_Capped(*row) for row in session.execute(statement)]


def _read_use(session: Session, periods: dict[str, tuple[str, str]]) -> dict[tuple[str, str], int]:
    pairs = [(school_id, period) for school_id, names in periods.items() for period in names]
    statement = select(CapUse.school_id, CapUse.period, CapUse.used).where(
        tuple_(CapUse.school_id, CapUse.period).in_(pairs)
    )
    return {(school_id, period): used for school_id, period, used in session.execute(statement)}


def _count_waiting(session: Session, school_ids: list[str]) -> dict[str, _Waiting]:
    without_day = func.count(distinct(case((_lead.slot_day.is_(None), _lead.id))))
    without_month = func.count(distinct(case((_lead.slot_month.is_(None), _lead.id))))
    statement = (
        select(_delivery.school_id, without_day, without_month)
        .join(Lead.__table__, _lead.id == _delivery.lead_id)
        .where(
            _delivery.school_id.in_(school_ids),
            _delivery.state.in_(WAITING_STATES),
            _delivery.about == About.lead,
        )
        .group_by(_delivery.school_id)
    )
    return {school_id: _Waiting(*counts) for school_id, *counts in session.execute(statement)}


def _is_full(
    school: _Capped, periods: tuple[str, str], used: dict[tuple[str, str], int], waiting: _Waiting | None
) -> bool:
    waits = waiting or _Waiting(0, 0)
    return any(
        cap is not None and used.get((school.id, period), 0) + waiting_for >= cap
        for cap, period, waiting_for in zip((school.daily_cap, school.monthly_cap), periods, waits, strict=True)
    )
