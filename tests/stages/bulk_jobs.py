"""Jobs of a reviewer: planned, begun, worked on as a worker does, and taken back."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.journey.bulk.kinds import ACTS, UNDO, JobKind
from leadgen.journey.bulk.plan import Plan, list_keys, plan_job
from leadgen.models import Choice, EndpointKind, Inquiry, Job, JobItem, JobItemState, Outcome
from leadgen.review.jobs import make_job
from leadgen.review.wanted import Wanted
from leadgen.tasks.bulk import run_job
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import add_reviewer

DONE = (JobItemState.done, None)
REASONS = {
    JobKind.release: "checked",
    JobKind.hold: "ask_person",
    JobKind.decline: "not_genuine",
    JobKind.received: "school_said",
    JobKind.not_received: "school_said",
    JobKind.send_again: "school_mended",
    JobKind.set_aside: "never_will",
    JobKind.resume: "fault_mended",
    JobKind.judge: "reason_holds",
}


@pytest.fixture
def rita(session: Session) -> int:
    """The number of a reviewer. There are three schools, of which Harebell takes no notices."""
    for school in ("larkspur", "bramble"):
        add_school(session, school)
    add_school(session, "harebell", kind=EndpointKind.form_post)
    number = add_reviewer(session)
    session.commit()
    return number


def send_held(session: Session, count: int, *schools: str) -> list[Inquiry]:
    """So many inquiries that screening held, each to these schools."""
    people = [Prospect(email=f"a{n}@mail.example", phone=f"+1312555{100 + n:04}") for n in range(count)]
    return [send_inquiry(session, list(schools), person, trap="filled") for person in people]


def plan_all(session: Session, kind: JobKind, user: int, wanted: Wanted | None = None) -> Plan:
    """A plan for all lines that a job of this kind may have."""
    wanted = wanted or Wanted(next(each for each, kinds in ACTS.items() if kind in kinds))
    return plan_job(session, kind, wanted, list_keys(session, wanted), user)


def start(session: Session, kind: JobKind, user: int, token: str = "one", wanted: Wanted | None = None) -> Job:
    """Plan such a job and begin it."""
    plan = plan_all(session, kind, user, wanted)
    job = make_job(session, kind, REASONS.get(kind, ""), token, user, plan.items)
    session.commit()
    return job


def run(session: Session, job: Job) -> list[tuple[JobItemState, str | None]]:
    """Work on a job; gives what became of each item, and why."""
    work(session, job)
    return [(item.state, item.why) for item in session.scalars(select(JobItem).where(JobItem.job_id == job.id))]


def work(session: Session, job: Job) -> None:
    """As a worker does, in a session of its own."""
    number = job.id
    session.commit()
    run_job(number)
    session.expire_all()


def undo(session: Session, job: Job, user: int) -> Job:
    """Begin the job that takes this one back."""
    done = session.scalars(select(JobItem).where(JobItem.job_id == job.id, JobItem.state == JobItemState.done))
    plan = [SimpleNamespace(subject=each.subject, label="", reference=None, obstacle=None) for each in done]
    taken_back = make_job(session, UNDO[JobKind(job.kind)], "", f"undo:{job.id}", user, plan)  # type: ignore[arg-type]
    job.undone_by_id = taken_back.id
    session.commit()
    return taken_back


def outcomes(session: Session) -> list[Outcome | None]:
    """What was decided of each choice."""
    return list(session.scalars(select(Choice.outcome).order_by(Choice.inquiry_id, Choice.rank)))
