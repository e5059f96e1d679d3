"""An erasure: the tombstone of what an inquiry held about a person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Erasure(Base):
    """Until ``held_until`` her consents keep her e-mail and phone under the evidence key: whoever names them can show
    that the consents were hers, and nobody can read them back. Wording, times and schools stay."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_held_until", "held_until"),)

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    erased_at: Mapped[datetime]
    erased_by: Mapped[str]
    reason: Mapped[str]
    held_until: Mapped[datetime | None]
