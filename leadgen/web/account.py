"""Where a user lands after signing in: staff at the desk, a school's people at the portal."""

from flask import Blueprint, Flask, abort, redirect, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.web.access import ROLES, Audience, audience

bp = Blueprint("account", __name__)

HOMES = {Audience.staff: "desk.worklist", Audience.school: "portal.inbox"}


def register(app: Flask) -> None:
    """Add the page that sends users home."""
    app.register_blueprint(bp)


@bp.get("/welcome")
@audience(Audience.user)
def welcome() -> Response:
    """Send the user to where the work is."""
    for who, home in HOMES.items():
        if any(current_user.has_role(role) for role in ROLES[who]):
            return redirect(url_for(home))
    return abort(404)
