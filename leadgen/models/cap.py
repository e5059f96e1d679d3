"""How many leads, or how many cents, are counted under a cap of a school in one period of the school's own zone."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class CapUse(Base):
    """``period`` is a place as `leadgen.caps` names it: ``2027-03-04``, ``2027-03``, ``campus Aurora 2027-W09``, and
    counts cents where it is one like ``$2027-03``. The claim raises ``used`` by a conditional update, so two workers
    cannot take the same place."""

    __tablename__ = "cap_use"
    __table_args__ = (CheckConstraint("used >= 0", name="used"),)

    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int]
