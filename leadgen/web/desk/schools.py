"""The schools: a list, one school's page, and the switch of each of its endpoints."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.delivery.endpoints import pause_endpoint, resume_endpoint
from leadgen.extensions import db
from leadgen.models import Endpoint, EndpointState, School, Subject
from leadgen.review.dossier import read_trail
from leadgen.review.schools import count_offerings, count_schools, list_leads, list_schools
from leadgen.review.worklist import Bin
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.pages import read_page
from leadgen.web.transaction import writes

PAGE_SIZE = 50
RECENT_LEADS = 20


@bp.get("/schools")
@audience(Audience.staff)
def schools() -> str:
    """All schools by name; ``?name=`` keeps those whose name or id has these letters."""
    name = request.args.get("name", "").strip()
    page = read_page(count_schools(db.session, name), PAGE_SIZE)
    rows = list_schools(db.session, name, limit=page.size, offset=page.offset)
    return render_template("desk/schools.html", name=name, page=page, rows=rows)


@bp.get("/schools/<school_id>")
@audience(Audience.staff)
def school(school_id: str) -> str:
    """One school: campuses, endpoints, recent leads, history."""
    found = db.session.get(School, school_id) or abort(404)
    return render_template(
        "desk/school.html",
        school=found,
        offerings=count_offerings(db.session, school_id),
        leads=list_leads(db.session, school_id, limit=RECENT_LEADS),
        trail=read_trail(db.session, Subject.school, school_id),
        now=now(db.session),
    )


@bp.post("/endpoints/<int:endpoint_id>/resume")
@audience(Audience.staff, Permission.carry)
@writes
def resume(endpoint_id: int) -> Response:
    """Put an endpoint back into use; what it held is due at once."""
    endpoint = _require_endpoint(endpoint_id)
    if endpoint.state is EndpointState.live:
        flash("This endpoint is live already. Nothing was changed.", "warning")
    else:
        due = resume_endpoint(db.session, endpoint, name_actor())
        flash(f"The endpoint is live. Due again now: {due}.", "success")
    return _go_back(endpoint)


@bp.post("/endpoints/<int:endpoint_id>/pause")
@audience(Audience.staff, Permission.carry)
@writes
def pause(endpoint_id: int) -> Response:
    """Stop leads to an endpoint; notices still go."""
    endpoint = _require_endpoint(endpoint_id)
    if endpoint.state is not EndpointState.live:
        flash(f"This endpoint is {endpoint.state} by now. Nothing was changed.", "warning")
    else:
        pause_endpoint(db.session, endpoint, name_actor())
        flash("The endpoint is paused. Leads wait; withdrawals still go.", "success")
    return _go_back(endpoint)


def _require_endpoint(endpoint_id: int) -> Endpoint:
    found = db.session.get(Endpoint, endpoint_id, with_for_update={"key_share": True})
    return found if found and found.retired_at is None else abort(404)


def _go_back(endpoint: Endpoint) -> Response:
    if request.form.get("from") == Bin.endpoints:
        return redirect(url_for("desk.worklist", bin=Bin.endpoints), 303)
    return redirect(url_for("desk.school", school_id=endpoint.school_id), 303)
