"""An assignment: who at the desk works on something of the worklist, for a quarter of an hour at a time."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Assignment(Base):
    """``subject`` is what is worked on, with all its lines, like ``inquiry:12`` or ``endpoint:3``. One person for
    each. It lapses by itself at ``until``, and whoever comes then takes it over."""

    __tablename__ = "assignment"

    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
