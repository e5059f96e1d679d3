"""A delivery: the carrying of one thing about a lead to one endpoint of that lead's school."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.attempt import Attempt
from leadgen.models.base import Base, enum_type
from leadgen.models.endpoint import Endpoint
from leadgen.models.receipt import Receipt


class State(StrEnum):
    """The eight states of a delivery (and of a letter). The last three are final."""

    pending = "pending"
    held = "held"
    claimed = "claimed"
    sending = "sending"
    uncertain = "uncertain"
    delivered = "delivered"
    failed = "failed"
    cancelled = "cancelled"


OPEN_STATES = (State.pending, State.held, State.claimed, State.sending)
FINAL_STATES = (State.delivered, State.failed, State.cancelled)


class About(StrEnum):
    lead = "lead"
    withdrawal = "withdrawal"
    change = "change"
    erasure = "erasure"


# what carries the person: it leaves only while the consent stands. The other news carry references alone
PERSONAL = (About.lead, About.change)

# what the worklist shows is a sliver of the table: partial indexes count it, and cost other rows nothing. That it is
# so few, PostgreSQL learns from statistics on pairs of columns (migration 0006)
_FAILED = text("state = 'failed' AND set_aside IS NULL")
_UNDER_WAY = text("state IN ('claimed', 'sending')")
_WAITS_FOR_LANE = text("state = 'pending' AND reason = 'in_flight'")
_NOTICE_ON_ITS_WAY = text("about = 'withdrawal' AND state NOT IN ('delivered', 'cancelled')")


class Delivery(Base):
    """The row is the queue: who looks for work looks here, and ``fence`` tells a late worker from the
    one that holds the lease. ``set_aside`` is the reason for which staff took a failed one off the worklist;
    ``full_since`` is when a lead first met a cap that was reached, and got no place since."""

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["lead_id", "school_id"], ["lead.id", "lead.school_id"]),
        ForeignKeyConstraint(["endpoint_id", "school_id"], ["endpoint.id", "endpoint.school_id"]),
        UniqueConstraint("lead_id", "endpoint_id", "about", "version"),
        # what is due: delivery.due, every two seconds
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_school_id_state", "school_id", "state"),
        # an endpoint's health: delivery.health. What is under way has no end yet
        Index("ix_delivery_endpoint_id_ended_at", "endpoint_id", "ended_at"),
        # one lane of a school is one delivery under way, and who waits for one: delivery.lanes
        Index(
            "uq_delivery_lane",
            "school_id",
            "lane",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index(
            "ix_delivery_waits_for_lane",
            "school_id",
            "id",
            sqlite_where=_WAITS_FOR_LANE,
            postgresql_where=_WAITS_FOR_LANE,
        ),
        # the worklist: review.bins
        Index("ix_delivery_failed", "ended_at", sqlite_where=_FAILED, postgresql_where=_FAILED),
        Index("ix_delivery_notice", "created_at", sqlite_where=_NOTICE_ON_ITS_WAY, postgresql_where=_NOTICE_ON_ITS_WAY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int]
    school_id: Mapped[str]
    endpoint_id: Mapped[int]
    about: Mapped[About] = mapped_column(enum_type(About), default=About.lead)
    version: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[State] = mapped_column(enum_type(State), default=State.pending)
    reason: Mapped[str | None]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    # the last lane it had; it is taken while the delivery is under way
    lane: Mapped[int | None]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    full_since: Mapped[datetime | None]
    set_aside: Mapped[str | None]
    set_aside_at: Mapped[datetime | None]

    endpoint: Mapped[Endpoint] = relationship(viewonly=True)
    attempts: Mapped[list[Attempt]] = relationship(order_by=Attempt.number)
    receipts: Mapped[list[Receipt]] = relationship(order_by=Receipt.id, viewonly=True)
