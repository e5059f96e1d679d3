"""A sign-in: one user in one browser, from the password until it ends."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class SignIn(Base):
    """The cookie holds a random token, this row its hash: a sign-in that is ended here is ended everywhere.

    ``seen_at`` is moved at most once a minute; ``ends_at`` is never moved. ``browser`` is a short label for the
    user's own list of sign-ins."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_user_id_ended_at", "user_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    browser: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
