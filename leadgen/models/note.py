"""A note: what a member of staff writes about an inquiry, for the others at the desk."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Note(Base):
    """Sealed under the contact's key, because it may name the person. Notes are only added."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), index=True)
    author: Mapped[str]
    body_sealed: Mapped[bytes]
    written_at: Mapped[datetime]
