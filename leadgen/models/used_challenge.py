"""A challenge that a passkey has answered: no answer to it is good again."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class UsedChallenge(Base):
    """``challenge_hash`` is SHA-256 of the challenge. After ``until`` it would be refused anyway, and is forgotten."""

    __tablename__ = "used_challenge"

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
