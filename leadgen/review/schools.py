"""The schools as the desk lists them: how much each teaches, how it receives, how many leads it got."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import (
    Campus,
    Consent,
    Disposition,
    Endpoint,
    EndpointKind,
    EndpointState,
    Inquiry,
    Lead,
    Offering,
    School,
)

RECENT_DAYS = 30


@dataclass(frozen=True)
class SchoolLine:
    """One school in the list. ``leads`` counts the last 30 days."""

    school: School
    campuses: int
    offerings: int
    leads: int
    endpoints: tuple[tuple[EndpointKind, EndpointState], ...]


@dataclass(frozen=True)
class LeadLine:
    """One lead of a school, without personal data."""

    reference: str
    inquiry: str
    released_at: datetime
    program: str
    place: str
    disposition: Disposition | None
    withdrawn_at: datetime | None


def count_schools(session: Session, name: str = "") -> int:
    """How many schools there are whose name or id has these letters."""
    return session.scalar(select(func.count()).select_from(School).where(_is_named(name))) or 0


def list_schools(session: Session, name: str = "", *, limit: int, offset: int = 0) -> list[SchoolLine]:
    """A page of those schools, by name."""
    query = select(School).where(_is_named(name)).order_by(School.name, School.id).limit(limit).offset(offset)
    schools = list(session.scalars(query))
    ids = [school.id for school in schools]
    campuses = _count(session, Campus.school_id, ids, Campus.retired_at.is_(None))
    offerings = _count(session, Offering.school_id, ids, Offering.retired.is_(False))
    since = now(session) - timedelta(days=RECENT_DAYS)
    leads = _count(session, Lead.school_id, ids, Lead.released_at > since)
    endpoints: dict[str, list[tuple[EndpointKind, EndpointState]]] = {}
    live = select(Endpoint).where(Endpoint.school_id.in_(ids), Endpoint.retired_at.is_(None))
    for endpoint in session.scalars(live.order_by(Endpoint.position, Endpoint.id)):
        endpoints.setdefault(endpoint.school_id, []).append((endpoint.kind, endpoint.state))
    return [
        SchoolLine(
            school,
            campuses.get(school.id, 0),
            offerings.get(school.id, 0),
            leads.get(school.id, 0),
            tuple(endpoints.get(school.id, ())),
        )
        for school in schools
    ]


def count_offerings(session: Session, school_id: str) -> dict[str, int]:
    """How many offerings a school has in each program."""
    query = select(Offering.program, func.count()).where(Offering.school_id == school_id, Offering.retired.is_(False))
    rows = session.execute(query.group_by(Offering.program).order_by(Offering.program))
    return dict(rows.all())


def list_leads(session: Session, school_id: str, *, limit: int) -> list[LeadLine]:
    """The school's newest leads."""
    query = (
        select(
            Lead.reference,
            Inquiry.reference,
            Lead.released_at,
            Inquiry.program_title,
            Inquiry.city + ", " + Inquiry.state,
            Lead.disposition,
            Consent.withdrawn_at,
        )
        .join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .join(Consent, and_(Consent.inquiry_id == Lead.inquiry_id, Consent.school_id == Lead.school_id))
        .where(Lead.school_id == school_id)
        .order_by(Lead.released_at.desc(), Lead.id.desc())
    )
    return [LeadLine(*row) for row in session.execute(query.limit(limit))]


def _is_named(name: str) -> ColumnElement[bool]:
    if not name:
        return true()
    return or_(School.name.icontains(name, autoescape=True), School.id.icontains(name, autoescape=True))


def _count(session: Session, column: Any, ids: list[str], *where: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(column.in_(ids), *where).group_by(column))
    return dict(rows.all())
