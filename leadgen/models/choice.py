"""A choice: one school as shown in an inquiry, with the offerings that matched."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, enum_type
from leadgen.models.match import Match
from leadgen.models.school import School
from leadgen.models.verdict import Verdict


class Outcome(StrEnum):
    """What became of a ticked choice: it is the outcome of its latest verdict."""

    release = "release"
    hold = "hold"
    decline = "decline"


_HELD = text("outcome = 'hold'")
_TICKED = text("ticked")


class Choice(Base):
    """Only the prospect's own POST sets ``ticked``. The unique index on (inquiry, school, ticked) is
    what a consent refers to, so the database refuses a consent to a school she did not tick."""

    __tablename__ = "choice"
    __table_args__ = (
        UniqueConstraint("inquiry_id", "school_id"),
        UniqueConstraint("inquiry_id", "school_id", "ticked"),
        # those who chose a school: review.inquiries
        Index("ix_choice_ticked", "school_id", "inquiry_id", sqlite_where=_TICKED, postgresql_where=_TICKED),
        # the worklist: review.bins
        Index("ix_choice_held", "inquiry_id", "school_id", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    rank: Mapped[int]
    ticked: Mapped[bool]
    asked_at: Mapped[datetime | None]
    # the latest verdict's outcome, for the worklist; `leadgen check` compares the two
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))

    school: Mapped[School] = relationship()
    matches: Mapped[list[Match]] = relationship(order_by=Match.rank)
    verdicts: Mapped[list[Verdict]] = relationship(order_by=Verdict.number)
