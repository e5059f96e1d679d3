"""A link: the one-use address in a letter. The letter is built anew for each try, so its token is derived."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class LinkPurpose(StrEnum):
    invitation = "invitation"
    password = "password"  # noqa: S105 - a purpose
    asking = "asking"
    own_data = "own_data"


class Link(Base):
    """The token is a MAC over purpose and ``salt``; only its hash is stored. It is used by POST, once."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_type(LinkPurpose))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    salt: Mapped[bytes]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
