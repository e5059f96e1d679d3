"""Signing in: by password and session cookie alone, slowed down for guessers, and on to the desk or the portal."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, abort, redirect, url_for
from flask_security import LoginForm, current_user
from werkzeug.wrappers import Response
from wtforms.validators import Length

from leadgen.accounts.users import MAX_PASSWORD_CHARACTERS
from leadgen.extensions import limiter
from leadgen.web.access import ROLES, Audience, audience

bp = Blueprint("account", __name__)

LOGIN = "security.login"
LOGIN_LIMIT = "10 per minute; 60 per hour"

# hooks of theirs look at the user before every request, and at the session after it
ASKING_EVERY_TIME = {"flask_principal", "flask_login.login_manager"}

HOMES = {Audience.staff: "desk.worklist", Audience.school: "portal.inbox"}


class SignInForm(LoginForm):
    """E-mail and password. Nobody stays signed in on a machine for longer than a session."""

    remember = None

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        # hashing takes time, and refuses what is over 4 KB
        self.password.validators = [*self.password.validators, Length(max=MAX_PASSWORD_CHARACTERS)]


def register(app: Flask) -> None:
    """Add the page that sends users home, and slow down whoever guesses passwords."""
    app.register_blueprint(bp)
    _load_users_when_asked(app)
    # the library also takes tokens from addresses and headers, which never run out
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    view: Callable[..., Any] = app.view_functions[LOGIN]
    app.view_functions[LOGIN] = limiter.limit(LOGIN_LIMIT, methods=["POST"])(view)


def _load_users_when_asked(app: Flask) -> None:
    """The hooks serve permissions of another kind than ours, and a cookie that outlives the session, which we never
    give. Without them a page for everybody needs no user, and one that all may keep does not vary by cookie."""
    both: tuple[list[Any], ...] = (app.before_request_funcs[None], app.after_request_funcs[None])
    for hooks in both:
        hooks[:] = [each for each in hooks if getattr(each, "__module__", "") not in ASKING_EVERY_TIME]


@bp.get("/welcome")
@audience(Audience.user)
def welcome() -> Response:
    """Send the user to where the work is."""
    for who, home in HOMES.items():
        if any(role.name in ROLES[who] for role in current_user.roles):
            return redirect(url_for(home))
    return abort(404)
