"""A test of an endpoint: an invented lead, carried as a real one would be, and no delivery."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.attempt import Result
from leadgen.models.base import Base, enum_type

_UNDER_WAY = text("ended_at IS NULL")


class EndpointTest(Base):
    """``version`` is the endpoint's when it was asked for: a test proves nothing about an address that came later.
    At most one test is under way per endpoint: the database holds it. ``answer`` is the beginning of what the other
    side said, in the clear, since nothing in a test is about anybody. One that is sent ``twice`` under one key shows
    whether the receiver ``counts_one``, where both were taken; ``confirmed_at`` is when a user of the school said so.
    ``rule`` is the number of the rule of a map that read the answer, ``price_cents`` what it said that they pay."""

    __tablename__ = "endpoint_test"
    __table_args__ = (
        Index("ix_endpoint_test_endpoint_id_asked_at", "endpoint_id", "asked_at"),
        Index(
            "uq_endpoint_test_under_way",
            "endpoint_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoint.id"))
    version: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    result: Mapped[Result | None] = mapped_column(enum_type(Result))
    reason: Mapped[str | None]
    status: Mapped[str | None]
    latency_ms: Mapped[int | None]
    parcel_bytes: Mapped[int | None]
    answer: Mapped[str | None]
    rule: Mapped[int | None]
    price_cents: Mapped[int | None]
    twice: Mapped[bool] = mapped_column(default=False, server_default=false())
    second_status: Mapped[str | None]
    counts_one: Mapped[bool | None]
    confirmed_at: Mapped[datetime | None]

    @property
    def reference(self) -> str:
        """What stands in the message where a lead has its reference."""
        return f"TEST-{self.id}"
