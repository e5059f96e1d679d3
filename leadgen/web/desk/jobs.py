"""Jobs at the desk: how far each is, what it did and skipped, and taking it back."""

from flask import abort, flash, jsonify, redirect, render_template, url_for
from flask_security import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.journey.bulk.kinds import UNDO, JobKind, find_permission
from leadgen.models import Job, JobItem, JobItemState, JobState, User
from leadgen.review.jobs import count_items, list_jobs, take_back_job
from leadgen.web.access import Audience, audience, may
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.bulk_words import VERBS
from leadgen.web.pages import read_page
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext

PAGE_SIZE = 100


@bp.get("/jobs")
@audience(Audience.staff)
def jobs() -> str:
    """The latest jobs of everybody."""
    page = read_page(db.session.scalar(select(func.count()).select_from(Job)) or 0, PAGE_SIZE)
    rows = list_jobs(db.session, limit=page.size, offset=page.offset)
    return render_template("desk/jobs.html", rows=rows, page=page, verbs=VERBS, now=now(db.session))


@bp.get("/jobs/<int:job_id>")
@audience(Audience.staff)
def job(job_id: int) -> str:
    """One job: its progress, and its report with what was skipped first."""
    found = _require(job_id)
    counts = count_items(db.session, job_id)
    page = read_page(sum(counts.values()), PAGE_SIZE)
    query = select(JobItem).where(JobItem.job_id == job_id)
    items = query.order_by(JobItem.state != JobItemState.skipped, JobItem.id).limit(page.size).offset(page.offset)
    return render_template(
        "desk/job.html",
        job=found,
        user=db.session.get_one(User, found.user_id),
        verb=VERBS[JobKind(found.kind)][0],
        done_words=VERBS[JobKind(found.kind)][1],
        counts=counts,
        page=page,
        items=list(db.session.scalars(items)),
        takes_back=db.session.scalars(select(Job).where(Job.undone_by_id == job_id)).one_or_none(),
        can_undo=_can_undo(found, counts[JobItemState.done]),
        now=now(db.session),
    )


@bp.get("/jobs/<int:job_id>/progress")
@audience(Audience.staff)
def progress(job_id: int) -> Response:
    """How far it is, for a page that shows it without loading anew."""
    found = _require(job_id)
    counts = count_items(db.session, job_id)
    return jsonify(state=found.state, total=sum(counts.values()), **{str(state): n for state, n in counts.items()})


@bp.post("/jobs/<int:job_id>/undo")
@audience(Audience.staff, Permission.decide)
@writes
def undo_job(job_id: int) -> Response:
    """Take back what it did, where nothing has left. Once."""
    found = _require(job_id)
    undo = UNDO.get(JobKind(found.kind)) or abort(404)
    if not may(find_permission(undo)):
        abort(403)
    taken_back = take_back_job(db.session, found, undo, current_user.id) if found.state is JobState.done else None
    if taken_back is None:
        flash(gettext("It is not done yet, or was taken back already. Nothing was changed."), "warning")
        return redirect(url_for("desk.job", job_id=found.undone_by_id or job_id), 303)
    return redirect(url_for("desk.job", job_id=taken_back.id), 303)


def _require(job_id: int) -> Job:
    return db.session.get(Job, job_id) or abort(404)


def _can_undo(found: Job, done: int) -> bool:
    undo = UNDO.get(JobKind(found.kind))
    is_open = found.state is JobState.done and found.undone_by_id is None
    return bool(undo and done and is_open and may(find_permission(undo)))
