"""A campus: where a school teaches."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, Words


class Campus(Base):
    """One place of one school, with its coordinates in degrees."""

    __tablename__ = "campus"
    __table_args__ = (UniqueConstraint("school_id", "name"), UniqueConstraint("id", "school_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    name: Mapped[str]
    address: Mapped[str | None]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    retired_at: Mapped[datetime | None]
    edited: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default=";")
    edits: Mapped[int] = mapped_column(default=0, server_default="0")
