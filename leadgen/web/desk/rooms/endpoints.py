"""The endpoints: a list with their health, one endpoint's page, and its switch."""

from dataclasses import asdict

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.delivery.endpoints import pause_endpoint, resume_endpoint
from leadgen.delivery.health import list_tries, read_health
from leadgen.directory.about import name_endpoint
from leadgen.directory.records import Noun
from leadgen.extensions import db
from leadgen.models import Endpoint, EndpointState, School
from leadgen.review.directory import DirectoryFilter, count_endpoints, list_endpoints
from leadgen.review.worklist import Bin
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.asked import keep_arguments, read_choice, read_words
from leadgen.web.desk.rooms.trails import read_own_trail
from leadgen.web.desk.rooms.words import ENDPOINT_STATE_WORDS, KIND_WORDS
from leadgen.web.pages import read_page
from leadgen.web.transaction import writes

PAGE_SIZE = 50


@bp.get("/endpoints")
@audience(Audience.staff)
def endpoints() -> str:
    """Endpoints by school; the address may ask for part of a school's name or of an address, a kind, a state."""
    asked = DirectoryFilter(
        name=read_words("name"),
        school=read_words("school"),
        kind=read_choice("kind", KIND_WORDS),
        status=read_choice("status", ENDPOINT_STATE_WORDS),
    )
    page = read_page(count_endpoints(db.session, asked), PAGE_SIZE)
    rows = list_endpoints(db.session, asked, limit=page.size, offset=page.offset)
    return render_template(
        "desk/rooms/endpoints.html",
        asked=asked,
        arguments=keep_arguments(asdict(asked)),
        choices={"kind": ("Any kind", KIND_WORDS), "status": ("Any state", ENDPOINT_STATE_WORDS)},
        page=page,
        rows=rows,
        health=read_health(db.session, [row.endpoint for row in rows]),
        now=now(db.session),
    )


@bp.get("/endpoints/<int:endpoint_id>")
@audience(Audience.staff)
def endpoint(endpoint_id: int) -> str:
    """One endpoint: its health, its last tries, its history."""
    found = db.session.get(Endpoint, endpoint_id) or abort(404)
    return render_template(
        "desk/rooms/endpoint.html",
        endpoint=found,
        school=db.session.get_one(School, found.school_id),
        health=read_health(db.session, [found])[found.id],
        tries=list_tries(db.session, found.id),
        trail=read_own_trail(found.school_id, Noun.endpoint, name_endpoint(found)),
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
