"""The schools as the desk lists them: how much each teaches, how it receives, how many leads it got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
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
    SchoolStatus,
)

RECENT_DAYS = 30
RETIRED, LISTED = "retired", "listed"
BY_NAME, BY_LEADS = "name", "leads"


@dataclass(frozen=True)
class SchoolFilter:
    """Which schools are asked for; what is empty asks for nothing. ``status`` may be ``retired`` or ``listed``
    too; ``state`` and ``program`` are those of a campus and of an offering that are not retired."""

    name: str = ""
    status: str = ""
    kind: str = ""
    state: str = ""
    program: str = ""
    sort: str = BY_NAME


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


def count_schools(session: Session, asked: SchoolFilter) -> int:
    """How many schools the filter leaves."""
    return session.scalar(select(func.count()).select_from(School).where(*_narrow(asked))) or 0


def list_schools(session: Session, asked: SchoolFilter, *, limit: int, offset: int = 0) -> list[SchoolLine]:
    """A page of those schools."""
    schools = list(session.scalars(_order(session, asked).limit(limit).offset(offset)))
    ids = [school.id for school in schools]
    campuses = _count(session, Campus.school_id, ids, Campus.retired_at.is_(None))
    offerings = _count(session, Offering.school_id, ids, Offering.retired.is_(False))
    leads = _count(session, Lead.school_id, ids, Lead.released_at > _find_since(session))
    endpoints = _list_endpoints(session, ids)
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


def list_leads(session: Session, school_id: str, *, limit: int) -> list[LeadLine]:
    """The school's newest leads."""
    query = (
        select(
            Lead.reference,
            Inquiry.reference,
            Lead.released_at,
            Inquiry.program,
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


def _order(session: Session, asked: SchoolFilter) -> Select[School]:
    query = select(School).where(*_narrow(asked))
    if asked.sort == BY_LEADS:
        recent = (Lead.school_id == School.id, Lead.released_at > _find_since(session))
        query = query.order_by(select(func.count()).where(*recent).correlate(School).scalar_subquery().desc())
    return query.order_by(School.name, School.id)


def _narrow(asked: SchoolFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if asked.name:
        name, key = School.name.icontains(asked.name, autoescape=True), School.id.icontains(asked.name, autoescape=True)
        wanted.append(or_(name, key))
    if asked.status:
        wanted.append(School.retired_at.is_not(None) if asked.status == RETIRED else School.retired_at.is_(None))
    if asked.status == LISTED:
        wanted.append(School.listed.is_(True))
    elif asked.status and asked.status != RETIRED:
        wanted += [School.status == SchoolStatus(asked.status), School.listed.is_(False)]
    if asked.kind:
        wanted.append(_has(Endpoint, Endpoint.kind == EndpointKind(asked.kind), Endpoint.retired_at.is_(None)))
    if asked.state:
        wanted.append(_has(Campus, Campus.state == asked.state, Campus.retired_at.is_(None)))
    if asked.program:
        wanted.append(_has(Offering, Offering.program == asked.program, Offering.retired.is_(False)))
    return wanted


def _has(model: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(model.school_id == School.id, *where).correlate(School)


def _find_since(session: Session) -> datetime:
    return now(session) - timedelta(days=RECENT_DAYS)


def _list_endpoints(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[EndpointKind, EndpointState]]]:
    found: dict[str, list[tuple[EndpointKind, EndpointState]]] = {}
    used = select(Endpoint.school_id, Endpoint.kind, Endpoint.state).where(
        Endpoint.school_id.in_(ids), Endpoint.retired_at.is_(None)
    )
    for school_id, kind, state in session.execute(used.order_by(Endpoint.position, Endpoint.id)):
        found.setdefault(school_id, []).append((kind, state))
    return found


def _count(session: Session, column: Any, ids: Sequence[str], *where: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(column.in_(ids), *where).group_by(column))
    return dict(rows.all())
