"""Guesses: how often somebody failed to sign in, by account, by address, or by both."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Guesses(Base):
    """``about`` is a keyed hash: neither the e-mail address that was tried nor the network address can be read."""

    __tablename__ = "guesses"

    about: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
