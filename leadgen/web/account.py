"""Signing in: how often one address may try, and where a user lands: staff at the desk, schools at the portal."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, abort, redirect, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.extensions import limiter
from leadgen.web.access import ROLES, Audience, audience

bp = Blueprint("account", __name__)

LOGIN = "security.login"
LOGIN_LIMIT = "10 per minute; 60 per hour"

HOMES = {Audience.staff: "desk.worklist", Audience.school: "portal.inbox"}


def register(app: Flask) -> None:
    """Add the page that sends users home, and slow down whoever guesses passwords."""
    app.register_blueprint(bp)
    view: Callable[..., Any] = app.view_functions[LOGIN]
    app.view_functions[LOGIN] = limiter.limit(LOGIN_LIMIT, methods=["POST"])(view)


@bp.get("/welcome")
@audience(Audience.user)
def welcome() -> Response:
    """Send the user to where the work is."""
    for who, home in HOMES.items():
        if any(current_user.has_role(role) for role in ROLES[who]):
            return redirect(url_for(home))
    return abort(404)
