"""One act on many lines: a page that says what would be done and what skipped, and the yes that makes the job."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.journey.bulk.kinds import ACTS, JobKind, find_permission
from leadgen.journey.bulk.plan import list_keys, plan_job
from leadgen.models import Job
from leadgen.review.jobs import find_job, make_job
from leadgen.review.wanted import Wanted
from leadgen.tokens import make_token
from leadgen.web.access import Audience, audience, may
from leadgen.web.desk.asked import read_query, show_worklist, write_query
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.bulk_words import MEANINGS, VERBS, list_reasons
from leadgen.web.desk.outcome import MissingReasonError, pick_reason
from leadgen.web.desk.words import BIN_WORDS
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error

MOST_SHOWN = 200


@bp.post("/bulk")
@audience(Audience.staff, Permission.decide)
def plan() -> str | Response:
    """Say what the act would do to the lines that were ticked, or to all that match. Writes nothing."""
    kind, wanted = _read_act()
    keys = list_keys(db.session, wanted) if "all" in request.form else request.form.getlist("key")
    if not keys:
        flash(gettext("Tick the lines first, or take all of them."), "warning")
        return show_worklist()
    return _show_plan(kind, wanted, keys)


@bp.post("/jobs")
@audience(Audience.staff, Permission.decide)
@writes
def start_job() -> str | Response:
    """Make the job. A second click finds the one that the first made."""
    kind, wanted = _read_act()
    keys, typed = request.form.get("keys", "").split(), request.form.get("form_token", "") or abort(400)
    token = f"form:{typed}"  # no form makes the token of a job that takes another back
    if made := find_job(db.session, token):
        return _show_job(made)
    try:
        reason = _read_reason(kind)
    except MissingReasonError as error:
        flash(say_error(error), "warning")
        return _show_plan(kind, wanted, keys)
    items = plan_job(db.session, kind, wanted, keys, current_user.id).items
    if not items:
        flash(gettext("Nothing of it is there any more. Nothing was changed."), "warning")
        return show_worklist()
    user_id = current_user.id
    try:
        return _show_job(make_job(db.session, kind, reason, token, user_id, items))
    except IntegrityError:  # the first click of two came in between
        db.session.rollback()
        return _show_job(find_job(db.session, token) or abort(409))


def _read_act() -> tuple[JobKind, Wanted]:
    """The act, and the list that it came from: an act of that bin, which the user may do."""
    wanted, asked = read_query(request.form.get("back", "")), request.form.get("act", "")
    kind = next((each for each in ACTS[wanted.bin] if each == asked), None) or abort(400)
    return (kind, wanted) if may(find_permission(kind)) else abort(403)


def _read_reason(kind: JobKind) -> str:
    reasons = list_reasons(kind)
    return pick_reason({code: words for group in reasons.values() for code, words in group.items()}) if reasons else ""


def _show_plan(kind: JobKind, wanted: Wanted, keys: list[str]) -> str:
    found = plan_job(db.session, kind, wanted, keys, current_user.id)
    return render_template(
        "desk/bulk.html",
        kind=kind,
        wanted=wanted,
        query=write_query(wanted),
        bin_words=BIN_WORDS[wanted.bin][0],
        plan=found,
        keys=" ".join(keys),
        verb=VERBS[kind][0],
        meaning=MEANINGS[kind],
        reasons=list_reasons(kind),
        form_token=make_token(),
        most_shown=MOST_SHOWN,
    )


def _show_job(job: Job) -> Response:
    return redirect(url_for("desk.job", job_id=job.id), 303)
