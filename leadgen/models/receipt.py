"""A receipt: proof from the other side."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class ReceiptKind(StrEnum):
    accepted = "accepted"
    rejected = "rejected"
    duplicate = "duplicate"
    bounced = "bounced"
    delayed = "delayed"
    opened = "opened"


class Receipt(Base):
    """Receipts come twice, early or late; the unique event id makes the second a no-op. ``price_cents`` is what the
    school's system said that it pays."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    kind: Mapped[ReceiptKind] = mapped_column(enum_type(ReceiptKind))
    event_id: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    received_at: Mapped[datetime]
    price_cents: Mapped[int | None]
