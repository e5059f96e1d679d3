"""A school: who teaches, in which time zone, and whether it takes inquiries."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, and_, exists, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, Usd, Words, enum_type
from leadgen.models.campus import Campus
from leadgen.models.endpoint import Endpoint, Takes


class SchoolStatus(StrEnum):
    taking = "taking"
    paused = "paused"
    closed = "closed"


class Origin(StrEnum):
    """Whose word a school is: that of the operator's own file, or of the federal files (IPEDS)."""

    file = "file"
    ipeds = "ipeds"


class Control(StrEnum):
    """Who runs a school, as the federal files say."""

    public = "public"
    nonprofit = "nonprofit"
    for_profit = "for_profit"


def is_taking(status: SchoolStatus, paused_until: date | None, timezone: str, at: datetime) -> bool:
    """Whether a school of this status takes inquiries: a pause with an end is over when that day begins there."""
    if status is SchoolStatus.paused and paused_until is not None:
        return at.astimezone(ZoneInfo(timezone)).date() >= paused_until
    return status is SchoolStatus.taking


class Route(StrEnum):
    """How a school's endpoints share a lead: each gets it, or the next only after a no of the last."""

    all = "all"
    first = "first"


# most schools take every inquiry: who is closed or has a cap is found without looking at the others (matching.room)
IS_SPECIAL = text(
    "(status <> 'taking' OR retired_at IS NOT NULL OR daily_cap IS NOT NULL OR weekly_cap IS NOT NULL"
    " OR monthly_cap IS NOT NULL OR total_cap IS NOT NULL OR part_caps IS NOT NULL)"
)

# part_caps as `leadgen.caps` writes them, without one in dollars
NO_MONEY_CAP = "coalesce(replace(part_caps, ': $', ''), '') = coalesce(part_caps, '')"


class School(Base):
    """One school. Retired schools stay, because leads refer to them.

    A ``listed`` school is shown with its own web address and takes no inquiries through us: it has no endpoint, and
    triggers of the database refuse a tick, a consent and a lead."""

    __tablename__ = "school"
    __table_args__ = (
        CheckConstraint("daily_cap >= 0 AND monthly_cap >= 0", name="caps"),
        CheckConstraint("weekly_cap >= 0", name="weekly_cap"),
        CheckConstraint("total_cap >= 0", name="total_cap"),
        CheckConstraint(NO_MONEY_CAP + " OR price_per_lead_usd IS NOT NULL", name="price_per_lead"),
        CheckConstraint("NOT listed OR origin = 'ipeds'", name="listed"),
        # the federal facts of a school that takes inquiries: matching.describe, directory.listing
        Index("ix_school_unitid", "unitid"),
        Index("ix_school_special", "id", sqlite_where=IS_SPECIAL, postgresql_where=IS_SPECIAL),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    unitid: Mapped[str | None]
    name: Mapped[str]
    accreditor: Mapped[str | None]
    website: Mapped[str | None]
    timezone: Mapped[str]
    contact_email: Mapped[str | None]
    status: Mapped[SchoolStatus] = mapped_column(enum_type(SchoolStatus), default=SchoolStatus.taking)
    daily_cap: Mapped[int | None]
    monthly_cap: Mapped[int | None]
    weekly_cap: Mapped[int | None]
    total_cap: Mapped[int | None]
    # caps of a campus or of a program, as `leadgen.caps` reads them: ``campus Aurora: 5 a day``, ``school: $9 a day``
    part_caps: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    # what it pays for a lead: caps in dollars reserve as much
    price_per_lead_usd: Mapped[Decimal | None] = mapped_column(Usd)
    # when it wants its leads, as `leadgen.hours` reads it: ``Mon-Fri 9:00-17:00``, ``not federal holidays``
    opening_hours: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    # of a paused school: the day in its own zone from which it takes inquiries again
    paused_until: Mapped[date | None] = mapped_column(Date)
    route: Mapped[Route] = mapped_column(enum_type(Route), default=Route.all)
    origin: Mapped[Origin] = mapped_column(enum_type(Origin), default=Origin.file, server_default="file")
    listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    control: Mapped[Control | None] = mapped_column(enum_type(Control))
    version_id: Mapped[int] = mapped_column(ForeignKey("directory_version.id"))
    retired_at: Mapped[datetime | None]
    # what was changed at the desk: the next import of the directory leaves these columns as they are
    edited: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default=";")
    edits: Mapped[int] = mapped_column(default=0, server_default="0")

    campuses: Mapped[list[Campus]] = relationship(order_by=Campus.name)
    endpoints: Mapped[list[Endpoint]] = relationship(order_by=Endpoint.position)

    @property
    def takes_inquiries(self) -> bool:
        return self.is_shown and not self.listed and not self.lost_endpoints

    @property
    def lost_endpoints(self) -> bool:
        """As `LOST_ENDPOINTS` says it of this school."""
        taking = [each for each in self.endpoints if each.takes is not Takes.notices]
        return not self.listed and bool(taking) and all(each.retired_at is not None for each in taking)

    @property
    def is_shown(self) -> bool:
        """Whether prospects see it at all; a listed one they do, though it takes no inquiries."""
        return self.retired_at is None and is_taking(self.status, self.paused_until, self.timezone, datetime.now(UTC))


_school = School.__table__.c
_retired, _used = (Endpoint.__table__.alias(name).c for name in ("retired_endpoint", "used_endpoint"))

# it had endpoints for its leads, and all of them are retired: a lead would go nowhere. Found from the retired ones,
# which are few, without looking at the other schools (matching.room)
LOST_ENDPOINTS = and_(
    _school.listed.is_(False),
    _school.id.in_(select(_retired.school_id).where(_retired.retired_at.is_not(None), _retired.takes != Takes.notices)),
    ~exists().where(_used.school_id == _school.id, _used.retired_at.is_(None), _used.takes != Takes.notices),
)
