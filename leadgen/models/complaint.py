"""A complaint: she told us that a school contacts her too often."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Complaint(Base):
    """One per school and inquiry: saying it again adds nothing. No words of hers are kept."""

    __tablename__ = "complaint"
    __table_args__ = (
        ForeignKeyConstraint(["inquiry_id", "school_id"], ["consent.inquiry_id", "consent.school_id"]),
        # schools with a recent one: matching.complaints
        Index("ix_complaint_made_at", "made_at"),
    )

    inquiry_id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
