"""A batch: one file of the day for one endpoint, and which deliveries are its rows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.attempt import Result
from leadgen.models.base import Base, enum_type
from leadgen.models.delivery import State

_UNDER_WAY = text("state IN ('claimed', 'sending')")
_TO_LOOK_AT = text("look_at IS NOT NULL")


class Batch(Base):
    """``name`` is the file's, ``sha256`` and ``size`` those of what was sent. At most one per endpoint is under way:
    the database holds it. ``result`` is how the sending ended, and stands before its rows are settled: where the worker
    died in between, ``look_at`` is when somebody takes it up again. ``version`` is that of the endpoint."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("uq_batch_under_way", "endpoint_id", unique=True, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
        # delivery.batch.recover, at every look of the sweeper
        Index("ix_batch_look_at", "look_at", sqlite_where=_TO_LOOK_AT, postgresql_where=_TO_LOOK_AT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoint.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(unique=True)
    state: Mapped[State] = mapped_column(enum_type(State), default=State.claimed)
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    result: Mapped[Result | None] = mapped_column(enum_type(Result))
    status: Mapped[str | None]
    reason: Mapped[str | None]
    latency_ms: Mapped[int | None]


class BatchRow(Base):
    """A delivery in a batch, with the fence of its claim. ``attempt_id`` stands once the file was about to leave: a row
    without one was in no file."""

    __tablename__ = "batch_row"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True, index=True)
    fence: Mapped[int]
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), unique=True)
