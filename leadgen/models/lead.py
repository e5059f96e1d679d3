"""A lead: an inquiry as released to one school."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, Words, enum_type
from leadgen.models.delivery import Delivery
from leadgen.models.school import Route, School


class Disposition(StrEnum):
    """The school's later word on a lead."""

    accepted = "accepted"
    contacted = "contacted"
    appointment = "appointment"
    applied = "applied"
    enrolled = "enrolled"
    not_interested = "not_interested"
    unreachable = "unreachable"
    returned = "returned"


_UNTOLD = text("untold_since IS NOT NULL")
_UNJUDGED = text("disposition = 'returned' AND judgment IS NULL")


class Lead(Base):
    """The foreign key on (inquiry, school) holds every lead to a consent. ``slots`` are the
    places that the lead holds under the school's caps (`leadgen.caps`), ``reserved_cents`` what it counts in each of
    those that count money. ``route`` is how its school wanted leads shared when it was released. ``untold_since``: she
    withdrew or changed something then, and the school, which takes no notices from us, was not told by staff yet."""

    __tablename__ = "lead"
    __table_args__ = (
        ForeignKeyConstraint(["inquiry_id", "school_id"], ["consent.inquiry_id", "consent.school_id"]),
        UniqueConstraint("inquiry_id", "school_id"),
        UniqueConstraint("id", "school_id"),
        # the portal's inbox, newest first; leads waiting for room
        Index("ix_lead_school_id_released_at", "school_id", "released_at"),
        # the worklist: review.bins
        Index("ix_lead_untold_since", "untold_since", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    released_at: Mapped[datetime]
    route: Mapped[Route] = mapped_column(enum_type(Route), default=Route.all, server_default="all")
    slots: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default=";")
    reserved_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    school_reference: Mapped[str | None]
    disposition: Mapped[Disposition | None] = mapped_column(enum_type(Disposition))
    disposition_at: Mapped[datetime | None]
    untold_since: Mapped[datetime | None]

    school: Mapped[School] = relationship(viewonly=True)
    deliveries: Mapped[list[Delivery]] = relationship(order_by=Delivery.id, viewonly=True)


class FreshLead(NamedTuple):
    """What its deliveries need to know of a lead that was just written."""

    id: int
    reference: str
    school_id: str


class Judgment(StrEnum):
    """What staff make of a return."""

    accepted = "accepted"
    refused = "refused"


class DispositionReport(Base):
    """Each word of the school on a lead, in order; the school's own note is sealed. A return waits for a judgment
    of staff, whose reason is a code."""

    __tablename__ = "disposition_report"
    __table_args__ = (
        UniqueConstraint("lead_id", "number"),
        # the worklist: review.bins
        Index("ix_disposition_report_unjudged", "reported_at", sqlite_where=_UNJUDGED, postgresql_where=_UNJUDGED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    number: Mapped[int]
    disposition: Mapped[Disposition] = mapped_column(enum_type(Disposition))
    reason: Mapped[str | None]
    note_sealed: Mapped[bytes | None]
    actor: Mapped[str]
    reported_at: Mapped[datetime]
    judgment: Mapped[Judgment | None] = mapped_column(enum_type(Judgment))
    judgment_reason: Mapped[str | None]
    judged_by: Mapped[str | None]
    judged_at: Mapped[datetime | None]
