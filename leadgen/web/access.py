"""Every route names its audience, and a permission where reading is not enough. A route that names no audience is
refused, and a test fails for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.accounts.roles import SCHOOL_ROLES, STAFF_ROLES, Permission, list_permissions

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """Who may ask for a route: everybody, whoever is signed in, staff, users of a school."""

    everybody = "everybody"
    user = "user"
    staff = "staff"
    school = "school"


ROLES = {Audience.staff: STAFF_ROLES, Audience.school: SCHOOL_ROLES}

# routes that libraries add
LIBRARY_ROUTES = {
    "static": Audience.everybody,
    "bootstrap.static": Audience.everybody,
}


def audience(who: Audience, permission: Permission | None = None) -> Callable[[View], View]:
    """Name the audience of a view, and what its act asks for."""

    def mark(view: View) -> View:
        cast(Any, view).audience = who
        cast(Any, view).permission = permission
        return view

    return mark


def find_audience(app: Flask, endpoint: str) -> Audience | None:
    """The audience of an endpoint, or None where nobody named one."""
    named = getattr(app.view_functions.get(endpoint), "audience", None)
    return named or LIBRARY_ROUTES.get(endpoint)


def find_permission(app: Flask, endpoint: str) -> Permission | None:
    """The permission that an endpoint asks for, or None where its audience suffices."""
    return getattr(app.view_functions.get(endpoint), "permission", None)


def may(permission: Permission) -> bool:
    """Whether the user of this request may do this; templates ask before they show a form."""
    return permission in list_permissions([role.name for role in current_user.roles])


def register(app: Flask) -> None:
    """Check the audience before every request."""
    app.before_request(_check)
    app.add_template_global(may, "may")
    app.add_template_global(Permission, "Permission")


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    who = find_audience(current_app, request.endpoint)
    if who is None:
        abort(404)
    if who is Audience.everybody:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in", next=request.full_path if request.method == "GET" else None))
    if who in ROLES and not any(role.name in ROLES[who] for role in current_user.roles):
        abort(404)
    permission = find_permission(current_app, request.endpoint)
    if permission and not may(permission):
        abort(403)
    return None
