"""What the directory says of each program as a whole: how many schools, how long, for how much, in which states.

Two statements over all offerings; who asks often keeps the answer for as long as the directory's version holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, distinct, func, select
from sqlalchemy.orm import Session

from leadgen.models import Campus, Format, Offering, School, SchoolStatus


@dataclass(frozen=True)
class Spread:
    """The least and the most of those that say, and how many do."""

    least: Decimal
    most: Decimal
    given: int


@dataclass(frozen=True)
class Taught:
    """One program. ``receiving`` schools take inquiries through us; ``states`` counts schools with a campus there."""

    offerings: int = 0
    schools: int = 0
    receiving: int = 0
    online: int = 0
    months: Spread | None = None
    cost_usd: Spread | None = None
    states: Mapping[str, int] = field(default_factory=dict)


def read_taught(session: Session) -> dict[str, Taught]:
    """By program, what its shown offerings come to."""
    states: dict[str, dict[str, int]] = {}
    for program, state, schools in session.execute(_BY_STATE):
        states.setdefault(program, {})[state] = schools
    return {row.program: _read(row, states.get(row.program, {})) for row in session.execute(_BY_PROGRAM)}


def only_shown(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Only what a prospect may come to see: nothing retired, closed, or shown in another school's place."""
    return query.where(
        Offering.retired.is_(False),
        Offering.covered.is_(False),
        School.retired_at.is_(None),
        School.status != SchoolStatus.closed,
    )


def _read(row: Any, states: Mapping[str, int]) -> Taught:
    months = Spread(Decimal(row.shortest), Decimal(row.longest), row.with_months) if row.with_months else None
    cost = Spread(row.cheapest, row.dearest, row.with_cost) if row.with_cost else None
    return Taught(row.offerings, row.schools, row.receiving, row.online, months, cost, states)


_BY_PROGRAM = only_shown(
    select(
        Offering.program,
        func.count().label("offerings"),
        func.count(distinct(Offering.school_id)).label("schools"),
        func.count(distinct(case((School.listed.is_(False), School.id)))).label("receiving"),
        func.count(distinct(case((Offering.format != Format.campus, School.id)))).label("online"),
        func.min(Offering.length_months).label("shortest"),
        func.max(Offering.length_months).label("longest"),
        func.count(Offering.length_months).label("with_months"),
        func.min(Offering.cost_usd).label("cheapest"),
        func.max(Offering.cost_usd).label("dearest"),
        func.count(Offering.cost_usd).label("with_cost"),
    ).join(School, School.id == Offering.school_id)
).group_by(Offering.program)

_BY_STATE = only_shown(
    select(Offering.program, Campus.state, func.count(distinct(Offering.school_id)))
    .join(School, School.id == Offering.school_id)
    .join(Campus, Campus.id == Offering.campus_id)
    .where(Offering.format != Format.online)
).group_by(Offering.program, Campus.state)
