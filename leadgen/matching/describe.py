"""What a page shows of a few offerings besides the facts that matching reads: names, places, and federal facts.

A school of the operator's own file is joined with the federal listing of the same UNITID, and shows its facts: who runs
it, its web address where the file gives none, and how many awards it gave in the program."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from leadgen.matching.facts import OfferingFacts
from leadgen.matching.kept import Stamp, read_stamp
from leadgen.models import Campus, Control, DirectoryVersion, Offering, Origin, School

_offering = Offering.__table__.c
COST_PARTS = ("tuition_usd", "fees_usd", "books_usd", "exam_usd")
_school = School.__table__.c
_campus = Campus.__table__.c
_listing = School.__table__.alias("listing")
_awarded = Offering.__table__.alias("awarded")

_DESCRIBED = (
    select(
        _offering.id,
        _offering.program,
        _school.unitid,
        _school.name,
        _campus.name,
        _campus.city,
        _campus.state,
        _offering.schedule,
        _school.accreditor,
        _school.website,
        _school.control,
        _offering.clock_hours,
        *(_offering[name] for name in COST_PARTS),
    )
    .join(School.__table__, _school.id == _offering.school_id)
    .join(Campus.__table__, _campus.id == _offering.campus_id)
    .where(_offering.id.in_(bindparam("offerings", expanding=True)))
)
# apart from the above: where hardly a school has a UNITID, to join by it would read every school for each offering
_AWARDED = and_(
    _awarded.c.school_id == _listing.c.id,
    _awarded.c.program.in_(bindparam("programs", expanding=True)),
    _awarded.c.retired.is_(False),
)
_FEDERAL = (
    select(
        _listing.c.unitid,
        _listing.c.website,
        _listing.c.control,
        _awarded.c.program,
        func.sum(_awarded.c.awards),
        func.max(_awarded.c.awards_year),
    )
    .select_from(_listing.outerjoin(_awarded, _AWARDED))
    .where(
        _listing.c.unitid.in_(bindparam("unitids", expanding=True)),
        _listing.c.origin == Origin.ipeds,
        _listing.c.retired_at.is_(None),
    )
    .group_by(_listing.c.id, _awarded.c.program)
)


# told with the names, since another question would cost as much as the whole answer
_STAMPED = _DESCRIBED.add_columns(
    select(func.max(DirectoryVersion.id)).scalar_subquery(), select(func.count(DirectoryVersion.id)).scalar_subquery()
)

# their schools are known: where they are named, PostgreSQL finds them by their ids and does not read every school.
# SQLite does that anyway, and where they are named reads all that these schools offer
_STAMPED_OF_SCHOOLS = _STAMPED.where(_school.id.in_(bindparam("schools", expanding=True)))


class Description(NamedTuple):
    """``awards`` are those of the whole program at this school, in the year that ends in June of ``awards_year``."""

    school: str
    campus: str
    city: str
    state: str
    schedule: tuple[str, ...] | None
    accreditor: str | None
    website: str | None
    control: Control | None
    awards: int | None
    awards_year: int | None
    clock_hours: int | None
    tuition_usd: Decimal | None
    fees_usd: Decimal | None
    books_usd: Decimal | None
    exam_usd: Decimal | None


class _Federal(NamedTuple):
    website: str | None = None
    control: Control | None = None
    awards: int | None = None
    awards_year: int | None = None


class Described(NamedTuple):
    """What is shown, by offering id, and the state of the directory that it was read from."""

    by_id: dict[str, Description]
    stamp: Stamp


def describe_offerings(session: Session, offerings: Sequence[OfferingFacts]) -> dict[str, Description]:
    """Names, places and federal facts of a few offerings, by offering id."""
    return describe_stamped(session, offerings).by_id


def describe_stamped(session: Session, offerings: Sequence[OfferingFacts]) -> Described:
    """The same, with the stamp of the directory at that moment."""
    named = {"offerings": [each.id for each in offerings], "schools": [each.school_id for each in offerings]}
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    rows = session.execute(_STAMPED_OF_SCHOOLS if is_postgresql else _STAMPED, named).all()
    stamp = Stamp(*rows[0][-2:]) if rows else read_stamp(session)
    federal = _read_federal(session, {row.unitid for row in rows if row.unitid}, {row.program for row in rows})
    found = {
        offering_id: _describe(tuple(rest), federal.get((unitid, program)) or federal.get((unitid, None)) or _Federal())
        for offering_id, program, unitid, *rest, _newest, _versions in rows
    }
    return Described(found, stamp)


def _describe(own: tuple[Any, ...], federal: _Federal) -> Description:
    school, campus, city, state, schedule, accreditor, website, control, *course = own
    return Description(
        school,
        campus,
        city,
        state,
        schedule,
        accreditor,
        website or federal.website,
        control or federal.control,
        federal.awards,
        federal.awards_year,
        *course,
    )


def _read_federal(session: Session, unitids: set[str], programs: set[str]) -> dict[tuple[str, str | None], _Federal]:
    """Federal facts by UNITID and program; those of the school alone under None."""
    if not unitids:
        return {}
    found: dict[tuple[str, str | None], _Federal] = {}
    for unitid, website, control, program, awards, year in session.execute(
        _FEDERAL, {"unitids": sorted(unitids), "programs": sorted(programs)}
    ):
        found[unitid, None] = _Federal(website, control)
        if program:
            found[unitid, program] = _Federal(website, control, awards, year)
    return found
