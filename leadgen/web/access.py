"""Every route names its audience. A route that names none is refused, and a test fails for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """Who may ask for a route: everybody, whoever is signed in, staff, admins, users of a school."""

    everybody = "everybody"
    user = "user"
    staff = "staff"
    admin = "admin"
    school = "school"


ROLES = {Audience.staff: ("reviewer", "admin"), Audience.admin: ("admin",), Audience.school: ("school",)}

# routes that libraries add
LIBRARY_ROUTES = {
    "static": Audience.everybody,
    "bootstrap.static": Audience.everybody,
    "security.static": Audience.everybody,
    "security.login": Audience.everybody,
    "security.logout": Audience.everybody,
}


def audience(who: Audience) -> Callable[[View], View]:
    """Name the audience of a view."""

    def mark(view: View) -> View:
        cast(Any, view).audience = who
        return view

    return mark


def find_audience(app: Flask, endpoint: str) -> Audience | None:
    """The audience of an endpoint, or None where nobody named one."""
    named = getattr(app.view_functions.get(endpoint), "audience", None)
    return named or LIBRARY_ROUTES.get(endpoint)


def register(app: Flask) -> None:
    """Check the audience before every request."""
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    who = find_audience(current_app, request.endpoint)
    if who is None:
        abort(404)
    if who is Audience.everybody:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=request.full_path if request.method == "GET" else None))
    if who in ROLES and not any(current_user.has_role(role) for role in ROLES[who]):
        abort(404)
    return None
