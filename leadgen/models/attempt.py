"""An attempt: one try of a delivery or a letter, committed before the first byte leaves."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class Result(StrEnum):
    """How a try ended. ``not_received``: unknown at first, then closed by staff or by the school.
    ``superseded``: unknown, and sent again under the same key to a receiver proved to dedupe."""

    accepted = "accepted"
    definite_no = "definite_no"
    permanent_no = "permanent_no"
    misconfigured = "misconfigured"
    unknown = "unknown"
    not_received = "not_received"
    superseded = "superseded"
    bounced = "bounced"


_UNRESOLVED = text("result IS NULL OR result = 'unknown'")
_ACCEPTED = text("result = 'accepted'")


def _one_per(column: str, name: str, where: TextClause) -> Index:
    label = f"uq_attempt_{column}_{name}"
    return Index(label, column, unique=True, sqlite_where=where, postgresql_where=where)


class Attempt(Base):
    """``result`` is empty while the other side may still be reading. At most one such attempt, and at
    most one accepted, per delivery: the database holds both."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("(delivery_id IS NULL) <> (letter_id IS NULL)", name="one_subject"),
        UniqueConstraint("delivery_id", "number"),
        UniqueConstraint("letter_id", "number"),
        _one_per("delivery_id", "unresolved", _UNRESOLVED),
        _one_per("delivery_id", "accepted", _ACCEPTED),
        _one_per("letter_id", "unresolved", _UNRESOLVED),
        _one_per("letter_id", "accepted", _ACCEPTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    number: Mapped[int]
    fence: Mapped[int]
    parcel_bytes: Mapped[int]
    parcel_schema: Mapped[str]
    parcel_hash: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    result: Mapped[Result | None] = mapped_column(enum_type(Result))
    status: Mapped[str | None]
    latency_ms: Mapped[int | None]
    resolved_by: Mapped[str | None]
    answer_sealed: Mapped[bytes | None]
