"""A verdict: release, hold or decline of a choice, by a rule or by staff, with the reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Verdict(Base):
    """Verdicts are only added; the one with the highest number counts. A staff member's own words are
    sealed, because they may name the person."""

    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("choice_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"))
    number: Mapped[int]
    outcome: Mapped[str]
    actor: Mapped[str]
    reasons: Mapped[list[str]]
    note_sealed: Mapped[bytes | None]
    given_at: Mapped[datetime]
