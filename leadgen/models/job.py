"""A job: one action on many lines, carried out by Celery, line by line. The row is the queue."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, enum_type


class JobState(StrEnum):
    waiting = "waiting"
    running = "running"
    done = "done"


class JobItemState(StrEnum):
    waiting = "waiting"
    done = "done"
    skipped = "skipped"


class JobItem(Base):
    """One thing that a job is about, like ``choice:12``: done, or skipped with the reason in words, each in a
    transaction of its own. ``label`` names it for people, ``reference`` the inquiry that it belongs to."""

    __tablename__ = "job_item"
    __table_args__ = (UniqueConstraint("job_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    subject: Mapped[str]
    label: Mapped[str]
    reference: Mapped[str | None]
    state: Mapped[JobItemState] = mapped_column(enum_type(JobItemState), default=JobItemState.waiting)
    why: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class Job(Base):
    """``kind`` names the action, ``reason`` is a code. A worker holds it until ``lease_until``; ``fence`` is raised
    with each taking, so that one that woke up late stops."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_lease_until", "state", "lease_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reason: Mapped[str]
    # the form's one-use token: a double click makes one job
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[JobState] = mapped_column(enum_type(JobState), default=JobState.waiting)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))

    items: Mapped[list[JobItem]] = relationship(order_by=JobItem.id)
