"""Work on a job: one item in each transaction, so that whoever dies leaves whole items, and another goes on.

A message may come twice, late or never; the job's row says who works on it. After a while the job is put down and
nudged again, so that no message takes longer than a task may.
"""

import time

import structlog
from sqlalchemy.exc import InterfaceError, NoResultFound, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from leadgen.accounts.roles import list_permissions
from leadgen.crash import crash_here
from leadgen.extensions import db
from leadgen.journey.bulk.act import do_item
from leadgen.journey.bulk.kinds import JobKind, find_permission
from leadgen.models import Job, JobItem, JobItemState, User
from leadgen.review.jobs import end_item, end_job, hold_job, list_waiting, rest_job, take_job

RUN_SECONDS = 20.0
GONE = "It is not there any more."
FAULT = "It broke. Nothing was changed; the log says more."

log = structlog.get_logger()


def run_job(job_id: int) -> None:
    """Work on a job, unless somebody else does or it is done."""
    with db.sessionmaker() as session:
        fence = take_job(session, job_id)
        session.commit()
        if fence is not None:
            _work(session, job_id, fence)


def _work(session: Session, job_id: int, fence: int) -> None:
    until = time.monotonic() + RUN_SECONDS
    may_go_on = _is_allowed(session, job_id)
    for item_id in list_waiting(session, job_id):
        session.rollback()
        if time.monotonic() > until:
            rest_job(session, job_id, fence)
            session.commit()
            return
        if not run_item(session, job_id, fence, item_id, None if may_go_on else "You may not do this any more."):
            return
    end_job(session, job_id, fence)
    session.commit()


def run_item(session: Session, job_id: int, fence: int, item_id: int, refusal: str | None = None) -> bool:
    """Do one item, once, and write down how it ended. False where somebody else holds the job by now."""
    if not hold_job(session, job_id, fence):
        session.rollback()
        return False
    job, item = session.get_one(Job, job_id), session.get_one(JobItem, item_id, populate_existing=True)
    if item.state is JobItemState.waiting:
        end_item(session, item_id, refusal or _do(session, job, item))
        crash_here("job_item")
    session.commit()
    return True


def _do(session: Session, job: Job, item: JobItem) -> str | None:
    try:
        return do_item(session, job, item)
    except (OperationalError, InterfaceError, TimeoutError):
        raise  # the database is busy or away: the lease lapses, and somebody tries again
    except NoResultFound:
        return GONE
    except Exception as error:  # one item that breaks must not keep the others waiting
        log.error("job.fault", row=item.id, error=type(error).__name__)
        return FAULT


def _is_allowed(session: Session, job_id: int) -> bool:
    """Whether who asked for the job still may do what it does."""
    job = session.get_one(Job, job_id)
    user = session.get_one(User, job.user_id)
    return user.active and find_permission(JobKind(job.kind)) in list_permissions([role.name for role in user.roles])
