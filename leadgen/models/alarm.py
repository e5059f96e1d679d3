"""An alarm: something has waited too long for a person, and the staff were told by letter, once."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Alarm(Base):
    """Unique per line of the worklist: two sweepers at once raise it once. A line that comes back and waits too long
    again moves ``raised_at``. ``reference`` is what the letter names."""

    __tablename__ = "alarm"
    __table_args__ = (UniqueConstraint("bin", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bin: Mapped[str]
    subject: Mapped[str]
    reference: Mapped[str | None]
    raised_at: Mapped[datetime] = mapped_column(index=True)
