"""A match: one offering that fitted, as it was shown, with its reasons."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base
from leadgen.models.offering import Offering


class Match(Base):
    """Rank and score within the list as shown; distance in miles, None online."""

    __tablename__ = "match"

    id: Mapped[int] = mapped_column(primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"), index=True)
    offering_id: Mapped[str] = mapped_column(ForeignKey("offering.id"))
    rank: Mapped[int]
    distance_miles: Mapped[float | None]
    score: Mapped[float]
    reasons: Mapped[list[str]]
    checks: Mapped[list[str]]

    offering: Mapped[Offering] = relationship()
