"""The keys of a school's own system: the same pages at the desk and in the portal."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.api_keys import LONGEST_NAME, RevokeReason, add_key, find_own_key, list_keys, revoke_key
from leadgen.accounts.errors import AccountError
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.models import School
from leadgen.review.overtaken import name_person
from leadgen.web.access import audience
from leadgen.web.actor import name_actor
from leadgen.web.people import Room
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext, say_error

REASON_WORDS = {
    RevokeReason.replaced: lazy_gettext("Another key has taken its place"),
    RevokeReason.unused: lazy_gettext("Nobody uses it"),
    RevokeReason.leaked: lazy_gettext("Somebody else may know it"),
}


def add_api_keys(room: Room) -> None:
    """Hang the pages on a blueprint."""
    _add(room, room.prefix, "", _show_all)
    _add(room, f"{room.prefix}/add", "add", _make)
    _add(room, f"{room.prefix}/<int:key_id>/revoke", "revoke", _revoke)


def _add(room: Room, address: str, name: str, view: Callable[..., Any]) -> None:
    def bound(**values: Any) -> Any:
        return view(room, **values)

    is_page = view is _show_all
    marked = audience(room.who, room.permission, fresh=not is_page)(bound if is_page else writes(bound))
    endpoint = f"{room.name}_{name}" if name else room.name
    room.bp.add_url_rule(address, endpoint, marked, methods=["GET" if is_page else "POST"])


def _show_all(room: Room, **address: Any) -> str:
    school = _require_school(room, address)
    keys = list_keys(db.session, school.id)
    people = {actor: name_person(db.session, actor) for key in keys for actor in (key.made_by, key.revoked_by) if actor}
    return _render(room, "api_keys/list.html", school, address, keys=keys, people=people)


def _make(room: Room, **address: Any) -> Response | str:
    school = _require_school(room, address)
    try:
        made = add_key(db.session, school.id, request.form.get("name", ""), name_actor())
    except AccountError as error:
        return _go_back(room, address, error)
    return _render(room, "api_keys/made.html", school, address, key=made.key, secret=made.secret)


def _revoke(room: Room, key_id: int, **address: Any) -> Response:
    key = find_own_key(db.session, _require_school(room, address).id, key_id) or abort(404)
    reason = request.form.get("reason", "")
    try:
        if reason not in list(RevokeReason):
            raise AccountError(gettext("Choose a reason. Nothing was changed."))
        revoke_key(db.session, key, RevokeReason(reason), name_actor())
    except AccountError as error:
        return _go_back(room, address, error)
    flash(gettext("The key is revoked. It opens nothing any more."), "success")
    return redirect(_link(room, address), 303)


def _go_back(room: Room, address: dict[str, Any], error: AccountError) -> Response:
    db.session.rollback()
    flash(say_error(error), "warning")
    return redirect(_link(room, address), 303)


def _require_school(room: Room, address: dict[str, Any]) -> School:
    return room.find_school(address) or abort(404)


def _render(room: Room, template: str, school: School, address: dict[str, Any], **words: Any) -> str:
    def link(what: str = "", **more: Any) -> str:
        return _link(room, address, what, **more)

    words |= {"reasons": REASON_WORDS, "longest": LONGEST_NAME, "now": now(db.session)}
    return render_template(template, school=school, frame=room.frame, link=link, **words)


def _link(room: Room, address: dict[str, Any], what: str = "", **more: Any) -> str:
    return url_for(f"{room.bp.name}.{room.name}{'_' + what if what else ''}", **address, **more)
