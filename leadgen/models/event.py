"""An event: one line of the history of an inquiry, a school or an account."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class Subject(StrEnum):
    inquiry = "inquiry"
    school = "school"
    account = "account"


class Chain(Base):
    """The head of one subject's chain. Raising ``number`` locks the row, so writers take turns."""

    __tablename__ = "chain"

    subject: Mapped[Subject] = mapped_column(enum_type(Subject), primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str]


class Event(Base):
    """Append-only. ``hash`` covers this line and ``previous_hash``; no personal data."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(enum_type(Subject))
    subject_id: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    actor: Mapped[str]
    happened_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]
