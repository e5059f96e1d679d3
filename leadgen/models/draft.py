"""A draft: an inquiry under way. It is found by cookie and forgotten some hours after its last use."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Draft(Base):
    """Her answers and the list as shown to her, sealed under a key of the draft's own."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_expires_at", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    wrapped_key: Mapped[bytes]
    answers_sealed: Mapped[bytes]
    shown_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # where she had it sent to herself: the hash of the token in the letter's link, and until when it is kept
    link_hash: Mapped[bytes | None] = mapped_column(unique=True)
    kept_until: Mapped[datetime | None]
    # the furthest page that she came to: the funnel counts where drafts that run out were left
    furthest: Mapped[str] = mapped_column(default="goals", server_default="goals")
