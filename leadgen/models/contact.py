"""A contact: the personal data of one inquiry, sealed under a key of its own."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class Contact(Base):
    """Destroying ``wrapped_key`` erases everything that was sealed under it, here and elsewhere."""

    __tablename__ = "contact"
    __table_args__ = (
        # same e-mail or phone within 90 days: intake.screening; exact search at the desk
        Index("ix_contact_email_index", "email_index"),
        Index("ix_contact_phone_index", "phone_index"),
    )

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"), primary_key=True)
    wrapped_key: Mapped[bytes | None]
    sealed: Mapped[bytes | None]
    # a page is thousands of bytes, and hardly anybody asks for it
    page_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    email_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    erased_at: Mapped[datetime | None]
