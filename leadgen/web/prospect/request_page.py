"""Her request: how it stands at each school, and the way to take it back. No contact data."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.extensions import db, limiter
from leadgen.geo.zips import find_place
from leadgen.history import read_history
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Subject
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.sent import find_inquiry
from leadgen.web.prospect.standing import list_standings
from leadgen.web.prospect.under_way import LIMIT
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext

PROSPECT = "prospect"

bp = Blueprint("request", __name__, url_prefix="/request")


@bp.get("/<token>")
@audience(Audience.everybody)
def show(token: str) -> str:
    """Every school of the request with its state and its timeline."""
    inquiry = find_inquiry(token)
    zone = find_place(inquiry.zip).timezone
    if inquiry.contact.erased_at:
        return render_template("prospect/request/erased.html", inquiry=inquiry, zone=zone)
    events = read_history(db.session, Subject.inquiry, inquiry.id)
    standings = list_standings(inquiry, events)
    return render_template("prospect/request/show.html", inquiry=inquiry, token=token, standings=standings, zone=zone)


@bp.post("/<token>/withdraw")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def withdraw(token: str) -> Response:
    """Withdraw from the school named by ``school``, or from all where ``school`` is ``*``. Twice is once."""
    inquiry = find_inquiry(token)
    school = request.form["school"]
    withdrawn = withdraw_inquiry(db.session, inquiry.id, None if school == "*" else [school], PROSPECT)
    if withdrawn:
        flash(gettext("You have withdrawn. Below you see how things stand now."), "ok")
    return redirect(url_for("request.show", token=token), 303)
