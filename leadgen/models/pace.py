"""When the next lead that was held may leave for a school."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Pace(Base):
    """One row for each school that ever held leads."""

    __tablename__ = "pace"

    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    next_at: Mapped[datetime]
