"""Jobs as rows: made once, held by one worker at a time, their items ended one by one.

The row is the queue. A lease says who works on a job, and the fence, raised with each taking, tells a worker that woke
up late from the one that holds it now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.clock import database_now, now
from leadgen.database import insert_rows
from leadgen.models import Job, JobItem, JobItemState, JobState, User
from leadgen.tokens import hash_token

LEASE_SECONDS = 30.0
_APART = {"synchronize_session": False}


@dataclass(frozen=True)
class Planned:
    """One thing that a job would do: ``obstacle`` says why it is skipped instead. ``subject`` is like ``choice:12``,
    ``label`` names it for people, ``reference`` is that of its inquiry."""

    subject: str
    label: str
    reference: str | None = None
    obstacle: str | None = None


@dataclass(frozen=True)
class JobLine:
    """A job in a list: who asked for it, and how many of its items are done, skipped, and in it at all."""

    job: Job
    who: str
    done: int
    skipped: int
    total: int


def make_job(session: Session, kind: str, reason: str, token: str, user_id: int, plan: Sequence[Planned]) -> Job:
    """A job that waits for a worker, who is nudged after the commit. The token is the form's, good for one job.

    Raises IntegrityError where the token made one before: see `find_job`."""
    job = Job(kind=kind, reason=reason, token_hash=hash_token(token), user_id=user_id, made_at=now(session))
    job.state = JobState.waiting
    session.add(job)
    session.flush()
    insert_rows(session, JobItem, [_describe(job, each) for each in plan])
    outbox.after_commit(session, outbox.Carried.job, job.id)
    return job


def find_job(session: Session, token: str) -> Job | None:
    """The job that this token made."""
    return session.scalars(select(Job).where(Job.token_hash == hash_token(token))).one_or_none()


def take_job(session: Session, job_id: int) -> int | None:
    """Hold a job that waits or whose worker is gone; gives the fence, or None where there is nothing to hold."""
    free = or_(Job.state == JobState.waiting, and_(Job.state == JobState.running, Job.lease_until < database_now()))
    values = {"state": JobState.running, "fence": Job.fence + 1, "lease_until": database_now(LEASE_SECONDS)}
    taken = update(Job).where(Job.id == job_id, free).values(values).returning(Job.fence)
    return session.scalar(taken.execution_options(**_APART))


def hold_job(session: Session, job_id: int, fence: int) -> bool:
    """Go on holding it. False where somebody else took it meanwhile. Nobody else takes it until the commit."""
    mine = (Job.id == job_id, Job.fence == fence, Job.state == JobState.running)
    held = update(Job).where(*mine).values(lease_until=database_now(LEASE_SECONDS)).returning(Job.id)
    return session.scalar(held.execution_options(**_APART)) is not None


def rest_job(session: Session, job_id: int, fence: int) -> None:
    """Put it down for the next worker, who is nudged after the commit."""
    if _put_down(session, job_id, fence, JobState.waiting, None):
        outbox.after_commit(session, outbox.Carried.job, job_id)


def end_job(session: Session, job_id: int, fence: int) -> None:
    """Everything in it is done or skipped."""
    _put_down(session, job_id, fence, JobState.done, now(session))


def list_waiting(session: Session, job_id: int) -> list[int]:
    """The items that wait, in order."""
    query = select(JobItem.id).where(JobItem.job_id == job_id, JobItem.state == JobItemState.waiting)
    return list(session.scalars(query.order_by(JobItem.id)))


def end_item(session: Session, item_id: int, why: str | None) -> None:
    """The item is done, or skipped where ``why`` says why."""
    state = JobItemState.skipped if why else JobItemState.done
    waiting = (JobItem.id == item_id, JobItem.state == JobItemState.waiting)
    ended = update(JobItem).where(*waiting).values(state=state, why=why, ended_at=now(session))
    session.execute(ended.execution_options(**_APART))


def count_items(session: Session, job_id: int) -> dict[JobItemState, int]:
    """How many items are in each state."""
    query = select(JobItem.state, func.count()).where(JobItem.job_id == job_id).group_by(JobItem.state)
    found = dict(session.execute(query).all())
    return {state: found.get(state, 0) for state in JobItemState}


def take_back_job(session: Session, job: Job, kind: str, user_id: int) -> Job | None:
    """A job that takes back what another did. None where somebody took it back already."""
    done = select(JobItem).where(JobItem.job_id == job.id, JobItem.state == JobItemState.done).order_by(JobItem.id)
    plan = [Planned(item.subject, item.label, item.reference) for item in session.scalars(done)]
    # locks the row: two at once take turns, and the second finds it taken back
    locked = select(Job.undone_by_id).where(Job.id == job.id).with_for_update()
    if session.scalar(locked) is not None:
        session.refresh(job)
        return None
    job.undone_by_id = make_job(session, kind, "", f"undo:{job.id}", user_id, plan).id
    session.flush()
    return session.get_one(Job, job.undone_by_id)


def list_jobs(session: Session, *, limit: int, offset: int = 0) -> list[JobLine]:
    """A page of all jobs, the newest first."""
    done = _count_in(JobItemState.done)
    columns = (Job, User.name, User.email, done, _count_in(JobItemState.skipped), _count_in(None))
    query = select(*columns).join(User, User.id == Job.user_id).order_by(Job.id.desc()).limit(limit).offset(offset)
    return [JobLine(job, name or email, *counts) for job, name, email, *counts in session.execute(query)]


def _count_in(state: JobItemState | None) -> Any:
    items = select(func.count()).where(JobItem.job_id == Job.id)
    return (items.where(JobItem.state == state) if state else items).correlate(Job).scalar_subquery()


def find_due_jobs(session: Session) -> list[int]:
    """Jobs that wait, and those whose worker is gone."""
    lapsed = and_(Job.state == JobState.running, Job.lease_until < database_now())
    return list(session.scalars(select(Job.id).where(or_(Job.state == JobState.waiting, lapsed)).order_by(Job.id)))


def is_job_stuck(session: Session, age: timedelta) -> bool:
    """Whether a job has waited for longer than ``age`` since it was made: a sign that no worker carries."""
    since = now(session) - age
    late = exists().where(Job.state == JobState.waiting, Job.made_at < since, Job.fence == 0)
    return bool(session.scalar(select(late)))


def _describe(job: Job, planned: Planned) -> dict[str, object]:
    return {
        "job_id": job.id,
        "subject": planned.subject,
        "label": planned.label,
        "reference": planned.reference,
        "state": JobItemState.skipped if planned.obstacle else JobItemState.waiting,
        "why": planned.obstacle,
        "ended_at": job.made_at if planned.obstacle else None,
    }


def _put_down(session: Session, job_id: int, fence: int, state: JobState, ended_at: datetime | None) -> bool:
    values = {"state": state, "lease_until": None, "ended_at": ended_at}
    mine = update(Job).where(Job.id == job_id, Job.fence == fence, Job.state == JobState.running).values(values)
    return session.scalar(mine.returning(Job.id).execution_options(**_APART)) is not None
