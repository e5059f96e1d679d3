"""Take back what a job did to one item, where nothing has left and nobody decided since."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.resolve import ResolveError
from leadgen.delivery.set_aside import put_back
from leadgen.delivery.take_back import take_back_redelivery
from leadgen.dispositions.judge import reopen_return
from leadgen.dispositions.report import DispositionError
from leadgen.journey.bulk.keys import read_key
from leadgen.journey.bulk.kinds import JobKind
from leadgen.journey.release import lock_choices, put_choice_back
from leadgen.marks import say
from leadgen.models import Choice, Delivery, DispositionReport, Job, JobItem, Letter
from leadgen.review.overtaken import find_latest, say_verdict
from leadgen.review.verdicts import ReleaseError

JOB_TAKEN_BACK = "job_taken_back"


def undo_choice(session: Session, job: Job, item: JobItem) -> None:
    """The choice is held again, for the reasons for which it was held before."""
    done, choice = find_done(session, job, item), session.get_one(Choice, read_key(item.subject)[1])
    lock_choices(session, choice.inquiry_id)
    latest = find_latest(session, choice.id)
    if latest is None or done.ended_at is None or latest.given_at > done.ended_at:
        raise ReleaseError(say_verdict(session, latest) if latest else "")
    put_choice_back(session, choice, _name(job), latest)


def undo_carried(session: Session, job: Job, item: JobItem) -> None:
    """What was to go out again does not, where no worker had it in hand since."""
    done, row = find_done(session, job, item), _find_row(session, item)
    if isinstance(row, Letter):
        raise ResolveError(say("A letter of ours is not called back."))
    take_back_redelivery(session, row, _name(job), done.ended_at)


def undo_set_aside(session: Session, job: Job, item: JobItem) -> None:
    """It is on the worklist again, where nobody set it aside anew since."""
    until = find_done(session, job, item).ended_at
    put_back(session, _find_row(session, item), _name(job), JOB_TAKEN_BACK, until)


def undo_judge(session: Session, job: Job, item: JobItem) -> None:
    """The return waits for a judgment again, where it is still the job's."""
    done = find_done(session, job, item)
    report = session.get_one(DispositionReport, read_key(item.subject)[1], populate_existing=True)
    if report.judged_at and done.ended_at and report.judged_at > done.ended_at:
        raise DispositionError(say("Somebody judged it anew since."))
    reopen_return(session, report, _name(job), JOB_TAKEN_BACK)


def find_done(session: Session, job: Job, item: JobItem) -> JobItem:
    """What the job that is taken back did to the same."""
    query = select(JobItem).join(Job, Job.id == JobItem.job_id)
    return session.scalars(query.where(Job.undone_by_id == job.id, JobItem.subject == item.subject)).one()


def _find_row(session: Session, item: JobItem) -> Delivery | Letter:
    kind, number = read_key(item.subject)
    model: Any = Letter if kind == "letter" else Delivery
    row: Delivery | Letter = session.get_one(model, number, populate_existing=True)
    return row


def _name(job: Job) -> str:
    return f"user:{job.user_id}"


UNDOING: Mapping[JobKind, Callable[[Session, Job, JobItem], None]] = {
    JobKind.undo_release: undo_choice,
    JobKind.undo_hold: undo_choice,
    JobKind.undo_decline: undo_choice,
    JobKind.undo_send_again: undo_carried,
    JobKind.undo_set_aside: undo_set_aside,
    JobKind.undo_judge: undo_judge,
}
