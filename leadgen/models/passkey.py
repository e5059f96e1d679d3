"""A passkey: a key pair of a user's own device, of which we keep the public half."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask_security import WebAuthnMixin
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from leadgen.models.base import Base

if TYPE_CHECKING:
    from leadgen.models.user import User


class Passkey(Base, WebAuthnMixin):
    """The columns are those that Flask-Security reads and writes."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None]
    extensions: Mapped[str | None]
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str]
    usage: Mapped[str]

    user: Mapped[User] = relationship(back_populates="webauthn")

    @validates("lastuse_datetime")
    def _read_as_utc(self, _name: str, at: datetime) -> datetime:
        # Flask-Security writes UTC without saying so
        return at if at.tzinfo else at.replace(tzinfo=UTC)
