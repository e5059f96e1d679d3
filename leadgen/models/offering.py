"""An offering: a program as one school teaches it, at a campus or online."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Computed, Date, ForeignKey, ForeignKeyConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, Usd, Words, enum_type
from leadgen.models.campus import Campus
from leadgen.models.school import School


class Format(StrEnum):
    campus = "campus"
    online = "online"
    hybrid = "hybrid"


class Credential(StrEnum):
    certificate = "certificate"
    diploma = "diploma"
    associate = "associate"


class Education(StrEnum):
    """What a school asks for, in rising order: nothing, a GED, a high-school diploma."""

    none = "none"
    ged = "ged"
    high_school = "high_school"


class Schedule(StrEnum):
    """When classes are."""

    day = "day"
    evening = "evening"
    weekend = "weekend"
    self_paced = "self-paced"


# what it costs as far as the school says; not known without its tuition
COST = "tuition_usd + coalesce(fees_usd, 0) + coalesce(books_usd, 0) + coalesce(exam_usd, 0)"


class Offering(Base):
    """One row per program, campus and credential. It carries its own coordinates: matching narrows on
    this table alone, since a join before narrowing costs tens of times more."""

    __tablename__ = "offering"
    __table_args__ = (
        ForeignKeyConstraint(["campus_id", "school_id"], ["campus.id", "campus.school_id"]),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="coordinates"),
        # campuses of a program in a band of latitude: matching.find, in person
        Index("ix_offering_program_latitude", "program", "latitude"),
        # online offerings of a program: matching.find, online
        Index("ix_offering_program_format", "program", "format"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    campus_id: Mapped[int]
    program: Mapped[str]
    credential: Mapped[Credential] = mapped_column(enum_type(Credential))
    format: Mapped[Format] = mapped_column(enum_type(Format))
    latitude: Mapped[float]
    longitude: Mapped[float]
    service_miles: Mapped[int | None]
    # whom it serves in person: states, and ZIP codes or their first three digits (606*); either is enough
    service_states: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    service_zips: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    length_months: Mapped[int | None]
    # hours of teaching, as schools that teach by the clock count them
    clock_hours: Mapped[int | None]
    tuition_usd: Mapped[Decimal | None] = mapped_column(Usd)
    fees_usd: Mapped[Decimal | None] = mapped_column(Usd)
    books_usd: Mapped[Decimal | None] = mapped_column(Usd)  # and supplies
    exam_usd: Mapped[Decimal | None] = mapped_column(Usd)  # of the certification it prepares for
    cost_usd: Mapped[Decimal | None] = mapped_column(Usd, Computed(COST))
    certifications: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    min_age: Mapped[int | None]
    education: Mapped[Education | None] = mapped_column(enum_type(Education))
    online_states: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    schedule: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    languages: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    next_start: Mapped[date | None] = mapped_column(Date)
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    # federal facts: the award level's code, awards in the year that ends in June of ``awards_year``
    award_level: Mapped[int | None]
    awards: Mapped[int | None]
    awards_year: Mapped[int | None]
    # kept in step by directory.listing: whether the school is a listed one, and whether another school of the same
    # UNITID takes inquiries for this program, so that this offering is not shown beside it
    listed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    covered: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    edited: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default=";")
    edits: Mapped[int] = mapped_column(default=0, server_default="0")

    school: Mapped[School] = relationship(viewonly=True)
    campus: Mapped[Campus] = relationship(viewonly=True)
