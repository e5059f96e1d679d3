"""An entry of a school's feed: one thing about a lead that the school should have."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type
from leadgen.models.delivery import About

_UNNUMBERED = text("number IS NULL")
_UNFETCHED = text("number IS NOT NULL AND fetched_at IS NULL")


class FeedEntry(Base):
    """One for each thing, to however many endpoints it goes. ``key`` is that of the delivery that was tried first.

    ``number`` is the place in the feed, and none has it yet that was written a moment ago: see `delivery.feed.offer`.
    ``said_at`` is the message's own time; ``fetched_at`` is when the school's system said that it has it."""

    __tablename__ = "feed_entry"
    __table_args__ = (
        ForeignKeyConstraint(["lead_id", "school_id"], ["lead.id", "lead.school_id"]),
        UniqueConstraint("lead_id", "about", "version"),
        # a page of the feed, and the days: delivery.feed.read, delivery.feed.days
        Index("ix_feed_entry_school_id_number", "school_id", "number"),
        Index("ix_feed_entry_school_id_said_at", "school_id", "said_at"),
        # what gets its number next, and what the school did not say that it has: delivery.feed.offer, .acknowledge
        Index("ix_feed_entry_unnumbered", "id", sqlite_where=_UNNUMBERED, postgresql_where=_UNNUMBERED),
        Index("ix_feed_entry_unfetched", "school_id", "number", sqlite_where=_UNFETCHED, postgresql_where=_UNFETCHED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    school_id: Mapped[str]
    lead_id: Mapped[int]
    about: Mapped[About] = mapped_column(enum_type(About))
    version: Mapped[int]
    said_at: Mapped[datetime]
    number: Mapped[int | None] = mapped_column(unique=True)
    fetched_at: Mapped[datetime | None]
    fetched_by: Mapped[str | None]
