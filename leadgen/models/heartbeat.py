"""When a background process last looked: `leadgen doctor` and `/readyz` read it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Heartbeat(Base):
    """One row per kind of process."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
