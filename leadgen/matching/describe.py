"""What a page shows of a few offerings besides the facts that matching reads: names, places, and federal facts.

A school of the operator's own file is joined with the federal listing of the same UNITID, and shows its facts: who runs
it, its web address where the file gives none, and how many awards it gave in the program."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from leadgen.models import Campus, Control, Offering, Origin, School

_offering = Offering.__table__.c
_school = School.__table__.c
_campus = Campus.__table__.c
_listing = School.__table__.alias("listing")
_awarded = Offering.__table__.alias("awarded")

_SAME = and_(_listing.c.unitid == _school.unitid, _listing.c.origin == Origin.ipeds, _listing.c.retired_at.is_(None))
_AWARDED = and_(
    _awarded.c.school_id == _listing.c.id, _awarded.c.program == _offering.program, _awarded.c.retired.is_(False)
)
_DESCRIBED = (
    select(
        _offering.id,
        _school.name,
        _campus.name,
        _campus.city,
        _campus.state,
        _offering.schedule,
        _school.accreditor,
        func.coalesce(_school.website, _listing.c.website),
        func.coalesce(_school.control, _listing.c.control),
        select(func.sum(_awarded.c.awards)).where(_AWARDED).correlate(Offering.__table__, _listing).scalar_subquery(),
        select(func.max(_awarded.c.awards_year))
        .where(_AWARDED)
        .correlate(Offering.__table__, _listing)
        .scalar_subquery(),
    )
    .join(School.__table__, _school.id == _offering.school_id)
    .join(Campus.__table__, _campus.id == _offering.campus_id)
    .outerjoin(_listing, _SAME)
    .where(_offering.id.in_(bindparam("offerings", expanding=True)))
)


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


def describe_offerings(session: Session, offering_ids: Iterable[str]) -> dict[str, Description]:
    """Names, places and federal facts of a few offerings, by offering id."""
    rows = session.execute(_DESCRIBED, {"offerings": list(offering_ids)})
    return {offering_id: Description(*rest) for offering_id, *rest in rows}
