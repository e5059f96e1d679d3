"""Campuses, offerings and endpoints as the desk lists them, each with its school."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from leadgen.models import (
    Campus,
    Credential,
    Endpoint,
    EndpointKind,
    EndpointState,
    Format,
    Offering,
    School,
)

RETIRED, CURRENT = "retired", "current"


@dataclass(frozen=True)
class DirectoryFilter:
    """What is asked for; what is empty asks for nothing. ``name`` is part of a name, an id or a city; ``status`` is
    ``current``, ``retired`` or a state of an endpoint."""

    name: str = ""
    school: str = ""
    status: str = ""
    state: str = ""
    program: str = ""
    format: str = ""
    credential: str = ""
    kind: str = ""


@dataclass(frozen=True)
class CampusLine:
    """One campus, its school's name, and how many offerings it has."""

    campus: Campus
    school: str
    offerings: int


@dataclass(frozen=True)
class EndpointLine:
    """One endpoint and its school's name."""

    endpoint: Endpoint
    school: str


def count_campuses(session: Session, asked: DirectoryFilter) -> int:
    """How many campuses the filter leaves."""
    return _count(session, _select_campuses(asked))


def list_campuses(session: Session, asked: DirectoryFilter, *, limit: int, offset: int = 0) -> list[CampusLine]:
    """A page of those campuses, by school and name."""
    query = _select_campuses(asked).order_by(School.name, Campus.name, Campus.id).limit(limit).offset(offset)
    rows = session.execute(query.add_columns(School.name)).all()
    mine = Offering.campus_id.in_([campus.id for campus, _ in rows])
    counts = select(Offering.campus_id, func.count()).where(mine, Offering.retired.is_(False))
    offerings = dict(session.execute(counts.group_by(Offering.campus_id)).all())
    return [CampusLine(campus, school, offerings.get(campus.id, 0)) for campus, school in rows]


def count_offerings(session: Session, asked: DirectoryFilter) -> int:
    """How many offerings the filter leaves."""
    return _count(session, _select_offerings(asked))


def list_offerings(session: Session, asked: DirectoryFilter, *, limit: int, offset: int = 0) -> list[Offering]:
    """A page of those offerings, by school, program and campus, with both loaded."""
    query = _select_offerings(asked).options(contains_eager(Offering.school), contains_eager(Offering.campus))
    query = query.order_by(School.name, Offering.program, Campus.name, Offering.id)
    return list(session.scalars(query.limit(limit).offset(offset)))


def count_endpoints(session: Session, asked: DirectoryFilter) -> int:
    """How many endpoints the filter leaves."""
    return _count(session, _select_endpoints(asked))


def list_endpoints(session: Session, asked: DirectoryFilter, *, limit: int, offset: int = 0) -> list[EndpointLine]:
    """A page of those endpoints, by school and order."""
    query = _select_endpoints(asked).order_by(School.name, Endpoint.position, Endpoint.id).limit(limit).offset(offset)
    return [EndpointLine(endpoint, school) for endpoint, school in session.execute(query.add_columns(School.name))]


def list_programs_taught(session: Session) -> list[str]:
    """The programs of offerings that are not retired, for the choices of a filter."""
    taught = select(Offering.program).where(Offering.retired.is_(False)).distinct().order_by(Offering.program)
    return list(session.scalars(taught))


def list_states(session: Session) -> list[str]:
    """The states in which there is a campus, for the choices of a filter."""
    return list(
        session.scalars(select(Campus.state).where(Campus.retired_at.is_(None)).distinct().order_by(Campus.state))
    )


def _select_campuses(asked: DirectoryFilter) -> Select[Any]:
    query = select(Campus).join(School, School.id == Campus.school_id)
    wanted = [*_of_school(Campus, asked), *_search(asked.name, Campus.name, Campus.city, Campus.zip, School.name)]
    if asked.state:
        wanted.append(Campus.state == asked.state)
    if asked.status:
        wanted.append(Campus.retired_at.is_not(None) if asked.status == RETIRED else Campus.retired_at.is_(None))
    return query.where(*wanted)


def _select_offerings(asked: DirectoryFilter) -> Select[Any]:
    query = select(Offering).join(School, School.id == Offering.school_id).join(Campus, Campus.id == Offering.campus_id)
    wanted = [*_of_school(Offering, asked), *_search(asked.name, Offering.id, School.name, Campus.name, Campus.city)]
    if asked.program:
        wanted.append(Offering.program == asked.program)
    if asked.format:
        wanted.append(Offering.format == Format(asked.format))
    if asked.credential:
        wanted.append(Offering.credential == Credential(asked.credential))
    if asked.state:
        wanted.append(Campus.state == asked.state)
    if asked.status:
        wanted.append(Offering.retired.is_(asked.status == RETIRED))
    return query.where(*wanted)


def _select_endpoints(asked: DirectoryFilter) -> Select[Any]:
    query = select(Endpoint).join(School, School.id == Endpoint.school_id)
    wanted = [*_of_school(Endpoint, asked), *_search(asked.name, School.name, School.id, Endpoint.address)]
    if asked.kind:
        wanted.append(Endpoint.kind == EndpointKind(asked.kind))
    if asked.status == RETIRED:
        wanted.append(Endpoint.retired_at.is_not(None))
    elif asked.status:
        wanted += [Endpoint.retired_at.is_(None), Endpoint.state == EndpointState(asked.status)]
    return query.where(*wanted)


def _of_school(model: Any, asked: DirectoryFilter) -> list[ColumnElement[bool]]:
    return [model.school_id == asked.school] if asked.school else []


def _search(text: str, *columns: Any) -> list[ColumnElement[bool]]:
    return [or_(*(column.icontains(text, autoescape=True) for column in columns))] if text else []


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
