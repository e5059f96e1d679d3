"""An asking: staff ask her whether one more school may contact her. She alone answers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class Answer(StrEnum):
    yes = "yes"
    no = "no"


class Asking(Base):
    """Unique per choice: nobody is asked twice about the same school. The reason is a code."""

    __tablename__ = "asking"
    __table_args__ = (UniqueConstraint("inquiry_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"), unique=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), unique=True)
    asked_by: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[Answer | None] = mapped_column(enum_type(Answer))
    answered_at: Mapped[datetime | None]
