"""A duplicate: an inquiry that staff linked to an earlier one of the same person. Contacts are never merged."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Duplicate(Base):
    """One link for each later inquiry; taking it back removes the row, and the history keeps both."""

    __tablename__ = "duplicate"
    __table_args__ = (CheckConstraint("inquiry_id <> original_id", name="another"),)

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), primary_key=True)
    original_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), index=True)
    linked_by: Mapped[str]
    linked_at: Mapped[datetime]
