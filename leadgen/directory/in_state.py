"""The schools of one program in one state, and how many teach it online to people who live there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import distinct, func, literal, or_, select
from sqlalchemy.orm import Session

from leadgen.directory.taught import only_shown
from leadgen.models import LOST_ENDPOINTS, Campus, Control, Credential, Format, Offering, School, is_taking
from leadgen.models.base import Words

# a page with more of them helps nobody; it says how many there are
MOST_SCHOOLS = 100
EVERY_STATE = "*"


@dataclass(frozen=True)
class LocalCourse:
    """One course at a campus of the state."""

    campus: str
    city: str
    latitude: float
    longitude: float
    format: Format
    credential: Credential
    length_months: int | None
    cost_usd: Decimal | None


@dataclass(frozen=True)
class LocalSchool:
    """A school with its courses there. ``receiving``: it takes inquiries through us, today."""

    id: str
    name: str
    website: str | None
    control: Control | None
    receiving: bool
    courses: tuple[LocalCourse, ...]


def list_in_state(session: Session, program: str, state: str) -> tuple[LocalSchool, ...]:
    """The schools with a campus there, by name."""
    at = datetime.now(UTC)
    rows = session.execute(_find_courses(program, state)).all()
    grouped = groupby(rows, key=lambda row: row.id)
    return tuple(_read(list(group), at) for _, group in grouped)


def count_online(session: Session, program: str, state: str) -> int:
    """The schools that teach it online, at least in part, to who lives in that state."""
    enrolls = or_(*(Offering.online_states.contains(literal((each,), Words)) for each in (state, EVERY_STATE)))
    query = only_shown(select(func.count(distinct(School.id))).join(Offering, Offering.school_id == School.id))
    found = session.scalar(query.where(Offering.program == program, Offering.format != Format.campus, enrolls))
    return found or 0


def _find_courses(program: str, state: str) -> Any:
    columns = (
        School.id, School.name, School.website, School.control, School.listed, School.status, School.paused_until,
        School.timezone, Campus.name.label("campus"), Campus.city, Offering.latitude, Offering.longitude,
        Offering.format, Offering.credential, Offering.length_months, Offering.cost_usd,
        LOST_ENDPOINTS.label("lost_endpoints"),
    )  # fmt: skip
    query = only_shown(
        select(*columns)
        .join(Offering, Offering.school_id == School.id)
        .join(Campus, Campus.id == Offering.campus_id)
        .where(Offering.program == program, Offering.format != Format.online, Campus.state == state)
    )
    return query.order_by(School.name, School.id, Campus.city, Offering.id)


def _read(rows: Sequence[Any], at: datetime) -> LocalSchool:
    first = rows[0]
    taking = is_taking(first.status, first.paused_until, first.timezone, at)
    receiving = taking and not first.listed and not first.lost_endpoints
    courses = tuple(
        LocalCourse(
            row.campus, row.city, row.latitude, row.longitude, row.format, row.credential, row.length_months,
            row.cost_usd,
        )
        for row in rows
    )  # fmt: skip
    return LocalSchool(first.id, first.name, first.website, first.control, receiving, courses)
