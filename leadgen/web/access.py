"""Every route names its audience, and a permission where reading is not enough. A route that names no audience is
refused, and a test fails for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_security import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from leadgen.accounts.codes import has_second_factor
from leadgen.accounts.roles import SCHOOL_ROLES, STAFF_ROLES, Permission, list_permissions
from leadgen.config import Mode
from leadgen.extensions import current_settings
from leadgen.models import User
from leadgen.web.bearer import check_key
from leadgen.web.signed_in import is_fresh

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """Who may ask for a route: everybody, whoever is signed in, staff, users of a school; a school's own system, by a
    key and never by a cookie."""

    everybody = "everybody"
    user = "user"
    staff = "staff"
    school = "school"
    system = "system"


ROLES = {Audience.staff: STAFF_ROLES, Audience.school: SCHOOL_ROLES}

# routes that libraries add
LIBRARY_ROUTES = {
    "static": Audience.everybody,
}


def audience(who: Audience, permission: Permission | None = None, *, fresh: bool = False) -> Callable[[View], View]:
    """Name the audience of a view, and what its act asks for. What is ``fresh`` asks the user to show once more who it
    is, unless that was minutes ago."""

    def mark(view: View) -> View:
        cast(Any, view).audience = who
        cast(Any, view).permission = permission
        cast(Any, view).fresh = fresh
        return view

    return mark


def find_audience(app: Flask, endpoint: str) -> Audience | None:
    """The audience of an endpoint, or None where nobody named one."""
    named = getattr(app.view_functions.get(endpoint), "audience", None)
    return named or LIBRARY_ROUTES.get(endpoint)


def find_permission(app: Flask, endpoint: str) -> Permission | None:
    """The permission that an endpoint asks for, or None where its audience suffices."""
    return getattr(app.view_functions.get(endpoint), "permission", None)


def needs_fresh(app: Flask, endpoint: str) -> bool:
    """Whether an endpoint asks for a proof of minutes ago."""
    return bool(getattr(app.view_functions.get(endpoint), "fresh", False))


def lacks_second_factor(user: User) -> bool:
    """Whether this is one of the staff who signs in with a password alone."""
    return any(role.name in STAFF_ROLES for role in user.roles) and not has_second_factor(user)


def may_lack_second_factor(user: User) -> bool:
    """Whether one of the staff gets by with a password alone, since this is a demo machine."""
    return current_settings().mode is Mode.local and lacks_second_factor(user)


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
    if who is Audience.system:
        return check_key()
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in", next=_write_asked() if request.method == "GET" else None))
    if who in ROLES and not any(role.name in ROLES[who] for role in current_user.roles):
        abort(404)
    permission = find_permission(current_app, request.endpoint)
    if permission and not may(permission):
        abort(403)
    return _ask_for_more(request.endpoint)


def _ask_for_more(endpoint: str) -> Response | None:
    """Send staff without a second factor to set one up, and everybody to confirm what asks for it."""
    has_to = current_settings().mode is Mode.production and find_audience(current_app, endpoint) is not Audience.user
    if has_to and lacks_second_factor(current_user):
        return redirect(url_for("account.overview", _anchor="second-step"), 303)
    if needs_fresh(current_app, endpoint) and not is_fresh():
        return redirect(url_for("account.confirm", next=_find_way_back()), 303)
    return None


def _find_way_back() -> str:
    """The page to come back to: for a post, the nearest one above its address that can be read."""
    if request.method == "GET":
        return _write_asked()
    path, routes = request.path, current_app.url_map.bind("")
    while path:
        try:
            routes.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return request.root_path + path
    return "/"


def _write_asked() -> str:
    """The path of this request and what was asked of it, in its language."""
    return request.root_path + request.full_path.removesuffix("?")
