"""A school: who teaches, in which time zone, and whether it takes inquiries."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, Words, enum_type
from leadgen.models.campus import Campus
from leadgen.models.endpoint import Endpoint


class SchoolStatus(StrEnum):
    taking = "taking"
    paused = "paused"
    closed = "closed"


class Route(StrEnum):
    """How a school's endpoints share a lead: each gets it, or the next only after a no of the last."""

    all = "all"
    first = "first"


class School(Base):
    """One school. Retired schools stay, because leads refer to them."""

    __tablename__ = "school"
    __table_args__ = (CheckConstraint("daily_cap >= 0 AND monthly_cap >= 0", name="caps"),)

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
    route: Mapped[Route] = mapped_column(enum_type(Route), default=Route.all)
    version_id: Mapped[int] = mapped_column(ForeignKey("directory_version.id"))
    retired_at: Mapped[datetime | None]
    # what was changed at the desk: the next import of the directory leaves these columns as they are
    edited: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default=";")
    edits: Mapped[int] = mapped_column(default=0, server_default="0")

    campuses: Mapped[list[Campus]] = relationship(order_by=Campus.name)
    endpoints: Mapped[list[Endpoint]] = relationship(order_by=Endpoint.position)

    @property
    def takes_inquiries(self) -> bool:
        return self.status is SchoolStatus.taking and self.retired_at is None
