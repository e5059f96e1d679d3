"""How many messages came back on the return path, by what came of them. Nothing else of them is kept."""

from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class BounceTally(Base):
    """One row for each outcome (delivery.bounces.record.Outcome)."""

    __tablename__ = "bounce_tally"

    outcome: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
