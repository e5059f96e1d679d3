"""The keys of the desk: a page that lists them, and the switch for those who want none."""

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import update
from werkzeug.wrappers import Response

from leadgen.extensions import db
from leadgen.models import User
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


@bp.get("/keys")
@audience(Audience.staff)
def keys() -> str:
    """What each key does."""
    return render_template("desk/keys.html")


@bp.post("/keys")
@audience(Audience.staff)
@writes
def switch_keys() -> Response:
    """Switch single keys on or off, for this user alone."""
    on = request.form.get("shortcuts") == "on"
    db.session.execute(update(User).where(User.id == current_user.id).values(shortcuts=on))
    flash(gettext("Single keys are on for you.") if on else gettext("Single keys are off for you."), "success")
    return redirect(url_for("desk.keys"), 303)
