"""Claims at the desk: take, let go, hold on while the page is open. Whoever acts on what a colleague holds is told."""

import re

from flask import Flask, abort, flash, jsonify, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.models import Inquiry
from leadgen.review.claims import ClaimedError, drop_claim, refuse_claimed, renew_claims, take_claim, take_over
from leadgen.web.access import Audience, audience
from leadgen.web.desk.asked import show_worklist
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.claimed import find_claim
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error

CLAIM = re.compile(r"(inquiry|letter|endpoint):[1-9]\d{0,9}")
MOST_RENEWED = 100
# acts that change nothing a colleague works on
HARMLESS = {"desk.show_contact", "desk.parcel", "desk.search", "desk.write_note"}


def register(app: Flask) -> None:
    """Look at the claim before each act at the desk."""
    app.before_request(_refuse_claimed)


@bp.post("/claims")
@audience(Audience.staff, Permission.decide)
@writes
def claim() -> Response:
    """Take a claim for a quarter hour; with ``over``, whoever has it."""
    wanted = _read_claim(request.form.get("claim", ""))
    try:
        (take_over if "over" in request.form else take_claim)(db.session, wanted, current_user.id)
    except ClaimedError as error:
        flash(say_error(error), "warning")
    else:
        flash(gettext("It is yours for 15 minutes, and longer while its page is open."), "success")
    return _go_back(wanted)


@bp.post("/claims/drop")
@audience(Audience.staff, Permission.decide)
@writes
def drop() -> Response:
    """Let a claim go."""
    wanted = _read_claim(request.form.get("claim", ""))
    if drop_claim(db.session, wanted, current_user.id):
        flash(gettext("You let it go."), "success")
    else:
        flash(gettext("You did not hold it any more. Nothing was changed."), "warning")
    return _go_back(wanted)


@bp.post("/claims/renew")
@audience(Audience.staff, Permission.decide)
@writes
def renew() -> Response:
    """Hold on to the claims that an open page shows; gives those that are still the user's. Asked by a script."""
    claims = request.form.getlist("claim")[:MOST_RENEWED]
    return jsonify(held=renew_claims(db.session, claims, current_user.id))


def _read_claim(text: str) -> str:
    return text if CLAIM.fullmatch(text) else abort(400)


def _go_back(claim: str) -> Response:
    kind, _, number = claim.partition(":")
    if "back" in request.form or kind != "inquiry":
        return show_worklist()
    inquiry = db.session.get(Inquiry, int(number)) or abort(404)
    return redirect(url_for("desk.inquiry", reference=inquiry.reference), 303)


def _refuse_claimed() -> Response | None:
    """Before an act on something that a colleague holds: nothing is done, and the page says who."""
    if request.blueprint != bp.name or request.method != "POST" or request.endpoint in HARMLESS:
        return None
    claim = find_claim(db.session, request.view_args or {})
    if claim is None:
        return None
    try:
        refuse_claimed(db.session, claim, current_user.id)
    except ClaimedError as error:
        flash(
            gettext(
                "%(error)s Nothing was changed. If you have agreed on it, take it over first.", error=say_error(error)
            ),
            "warning",
        )
        return _go_back(claim)
    return None
