"""A suppression: an e-mail address or a number that nothing of ours may go to, or go out with."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Suppression(Base):
    """``about`` is the blind index of the address or number, which nobody can read back: it outlives every erasure,
    since who asked never to be contacted must not come back with the next form."""

    __tablename__ = "suppression"

    about: Mapped[bytes] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    reason: Mapped[str]
