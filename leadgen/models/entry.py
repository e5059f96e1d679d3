"""An entry: half an hour in which one browser may see and change what one inquiry holds."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Entry(Base):
    """Begun by a link from a letter to her, and bound to that one inquiry. Only the hash of the cookie is kept."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_expires_at", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
