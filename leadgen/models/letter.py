"""A letter: a mail of ours to a prospect or a user, with the same states and lease as a delivery."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.attempt import Attempt
from leadgen.models.base import Base, enum_type
from leadgen.models.delivery import State

# a person who inquired, a user, or somebody of whom we know no more than what is sealed with the letter
ONE_RECIPIENT = (
    "(inquiry_id IS NOT NULL AND user_id IS NULL AND sealed IS NULL)"
    " OR (inquiry_id IS NULL AND user_id IS NOT NULL AND sealed IS NULL)"
    " OR (inquiry_id IS NULL AND user_id IS NULL AND sealed IS NOT NULL)"
)
_FAILED = text("state = 'failed' AND set_aside IS NULL")


class Letter(Base):
    """``kind`` names the folder of its templates. The recipient is unsealed only when it is sent. ``set_aside`` is the
    reason for which staff took a failed one off the worklist."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint(ONE_RECIPIENT, name="one_recipient"),
        Index("ix_letter_state_due_at", "state", "due_at"),
        # the worklist: review.bins
        Index("ix_letter_failed", "ended_at", sqlite_where=_FAILED, postgresql_where=_FAILED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sealed: Mapped[bytes | None]
    # that it leads back to, as long as there is one: when the draft goes, so does what is sealed here
    draft_id: Mapped[int | None] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[State] = mapped_column(enum_type(State), default=State.pending)
    reason: Mapped[str | None]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    set_aside: Mapped[str | None]
    set_aside_at: Mapped[datetime | None]

    attempts: Mapped[list[Attempt]] = relationship(order_by=Attempt.number)
