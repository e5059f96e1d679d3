"""How many came to each step of an inquiry, and where they left it, without identity."""

from datetime import date

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class StepCount(Base):
    """One row per day, step, what happened (``reached``, ``left``) and how long after the start, in bands."""

    __tablename__ = "step_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    happened: Mapped[str] = mapped_column(primary_key=True)
    band: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
