"""How often a program was searched for, without identity."""

from datetime import date

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class SearchCount(Base):
    """One row per day, program, three-digit ZIP area and outcome (``matched``, ``few``, ``listed``, ``none``)."""

    __tablename__ = "search_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    zip3: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
