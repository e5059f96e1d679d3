"""Rows for tests, with everything given a plain value that a test may change by name."""

from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.directory.showing import settle_showing
from leadgen.models import Campus, Credential, DirectoryVersion, Format, Offering, Origin, School

_numbers = count(1)

CHICAGO = (41.8858, -87.6181)


def build_school(session: Session, **changes: Any) -> School:
    """A school in Chicago that takes inquiries, with one campus named Main."""
    number = next(_numbers)
    version = session.query(DirectoryVersion).first() or _build_version(session)
    values = {
        "id": f"school-{number}",
        "name": f"Larkspur Career Institute {number}",
        "timezone": "America/Chicago",
        "contact_email": f"admissions@school-{number}.example",
        "version_id": version.id,
    }
    school = School(**values | changes)
    session.add(school)
    session.flush()
    build_campus(session, school)
    return school


def build_campus(session: Session, school: School, **changes: Any) -> Campus:
    """A campus of a school, in the middle of Chicago."""
    values = {
        "name": "Main",
        "city": "Chicago",
        "state": "IL",
        "zip": "60601",
        "latitude": CHICAGO[0],
        "longitude": CHICAGO[1],
    }
    campus = Campus(school_id=school.id, **values | changes)
    session.add(campus)
    session.flush()
    session.refresh(school, ["campuses"])
    return campus


def build_offering(
    session: Session, school: School | None = None, campus: Campus | None = None, **changes: Any
) -> Offering:
    """A campus offering of nine months for $12,450, at a new school unless one is given, at its first campus."""
    school = school or build_school(session)
    campus = campus or min(school.campuses, key=lambda each: each.id)
    values = {
        "id": f"offering-{next(_numbers)}",
        "school_id": school.id,
        "campus_id": campus.id,
        "program": "medical-billing-and-coding",
        "credential": Credential.certificate,
        "format": Format.campus,
        "latitude": campus.latitude,
        "longitude": campus.longitude,
        "length_months": 9,
        "tuition_usd": Decimal("12450"),
        "certifications": ("CPC", "CCS"),
    }
    offering = Offering(**values | changes)
    session.add(offering)
    session.flush()
    return offering


def list_school(session: Session, school_id: str) -> None:
    """Make a school a listed one, as if it had come from federal files."""
    session.execute(update(School).where(School.id == school_id).values(origin=Origin.ipeds, listed=True))
    settle_showing(session)
    session.commit()


def _build_version(session: Session) -> DirectoryVersion:
    version = DirectoryVersion(
        imported_at=now(session), source="tests", sha256="0" * 64, created=0, changed=0, retired=0
    )
    session.add(version)
    session.flush()
    return version
