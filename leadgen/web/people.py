"""The pages of a circle of people, hung on the desk and on the portal alike: list, invite, and change one.

The circle comes from the door and the address alone. A form names a role and an address, never a school."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from leadgen.accounts.errors import AccountError
from leadgen.accounts.invitations import invite, invite_again, invite_colleague
from leadgen.accounts.people import (
    Circle,
    OffReason,
    Standing,
    change_role,
    describe_person,
    find_person,
    forget_second_factor,
    list_people,
    switch_off,
    switch_on,
)
from leadgen.accounts.roles import ROLE_WORDS, Permission, RoleName
from leadgen.clock import now
from leadgen.extensions import current_settings, db
from leadgen.models import School, Subject, User
from leadgen.review.dossier import read_trail
from leadgen.web.access import Audience, audience
from leadgen.web.account_words import REASON_WORDS
from leadgen.web.actor import name_actor
from leadgen.web.transaction import writes
from leadgen.web.translate import find_language, gettext, lazy_gettext, say_error

MOST_EVENTS = 100
OFF_WORDS = {reason: REASON_WORDS[reason] for reason in OffReason}
STANDING_WORDS = {
    Standing.active: (lazy_gettext("active"), "ok"),
    Standing.invited: (lazy_gettext("invited"), "warn"),
    Standing.lapsed: (lazy_gettext("invitation ran out"), "bad"),
    Standing.off: (lazy_gettext("switched off"), "calm"),
}


@dataclass(frozen=True)
class Room:
    """Where a circle's pages hang. ``find_school`` gives the school of the address, or of who is signed in; None for
    staff. ``frame`` is the template around the pages, ``name`` the start of their endpoints' names."""

    bp: Blueprint
    prefix: str
    name: str
    who: Audience
    permission: Permission
    frame: str
    find_school: Callable[[dict[str, Any]], School | None]


def add_people(room: Room) -> None:
    """Hang the pages of a circle on a blueprint."""
    one = f"{room.prefix}/<int:user_id>"
    _add(room, room.prefix, "", _show_all)
    _add(room, one, "one", _show_one)
    _add(room, f"{room.prefix}/invite", "invite", _invite)
    for name, (words, act) in ACTS.items():
        _add(room, f"{one}/{name}", name, _make_act(words, act))


def _add(room: Room, address: str, name: str, view: Callable[..., Any]) -> None:
    def bound(**values: Any) -> Any:
        return view(room, **values)

    is_page = view in (_show_all, _show_one)
    marked = audience(room.who, room.permission, fresh=not is_page)(bound if is_page else writes(bound))
    endpoint = f"{room.name}_{name}" if name else room.name
    room.bp.add_url_rule(address, endpoint, marked, methods=["GET" if is_page else "POST"])


def _show_all(room: Room, **address: Any) -> str:
    school = room.find_school(address)
    return _render(room, "people/list.html", school, people=list_people(db.session, _circle(school)))


def _show_one(room: Room, user_id: int, **address: Any) -> str:
    school = room.find_school(address)
    person = describe_person(db.session, _circle(school), user_id) or abort(404)
    trail = read_trail(db.session, Subject.account, user_id) if room.who is Audience.staff else None
    latest = replace(trail, events=trail.events[:MOST_EVENTS]) if trail else None
    return _render(room, "people/one.html", school, person=person, trail=latest)


def _invite(room: Room, **address: Any) -> Response:
    school, role = room.find_school(address), request.form.get("role", "")
    with _telling(gettext("The invitation is on its way.")):
        if role not in _circle(school).roles:
            raise AccountError(gettext("Choose a role. Nobody was invited."))
        wanted = (request.form.get("email", ""), RoleName(role))
        if room.who is Audience.school and school:
            invite_colleague(db.session, _secret(), *wanted, school.id, name_actor(), find_language())
        else:
            invite(db.session, _secret(), *wanted, school.id if school else None, name_actor(), find_language())
    return redirect(_link(room, address), 303)


def _make_act(words: str, act: Callable[[Circle, User], None]) -> Callable[..., Response]:
    def view(room: Room, user_id: int, **address: Any) -> Response:
        circle = _circle(room.find_school(address))
        user = find_person(db.session, circle, user_id) or abort(404)
        with _telling(words):
            act(circle, user)
        return redirect(_link(room, address, "one", user_id=user_id), 303)

    return view


def _invite_again(_circle: Circle, user: User) -> None:
    invite_again(db.session, _secret(), user, name_actor())


def _change_role(circle: Circle, user: User) -> None:
    role = request.form.get("role", "")
    if role not in list(RoleName):
        raise AccountError(gettext("Choose one of the roles. Nothing was changed."))
    change_role(db.session, circle, user, RoleName(role), name_actor())


def _switch_off(_circle: Circle, user: User) -> None:
    reason = request.form.get("reason", "")
    if reason not in list(OffReason):
        raise AccountError(gettext("Choose a reason. Nothing was changed."))
    switch_off(db.session, user, OffReason(reason), name_actor())


def _switch_on(_circle: Circle, user: User) -> None:
    switch_on(db.session, user, name_actor())


def _forget_second_factor(_circle: Circle, user: User) -> None:
    forget_second_factor(db.session, user, name_actor())


ACTS = {
    "again": (lazy_gettext("The invitation is sent again."), _invite_again),
    "role": (lazy_gettext("The role is changed. The user is signed out everywhere."), _change_role),
    "off": (lazy_gettext("The user is switched off and signed out everywhere."), _switch_off),
    "on": (lazy_gettext("The user is switched on again."), _switch_on),
    "second-step": (lazy_gettext("The second step is removed."), _forget_second_factor),
}


def _render(room: Room, template: str, school: School | None, **words: Any) -> str:
    address = {name: value for name, value in (request.view_args or {}).items() if name != "user_id"}
    words |= {"roles": _circle(school).roles, "role_words": ROLE_WORDS, "off_words": OFF_WORDS}
    words |= {"standing_words": STANDING_WORDS, "school": school, "frame": room.frame, "now": now(db.session)}
    return render_template(template, link=partial(_link, room, address), **words)


def _link(room: Room, address: dict[str, Any], what: str = "", **more: Any) -> str:
    return url_for(f"{room.bp.name}.{room.name}{'_' + what if what else ''}", **address, **more)


@contextmanager
def _telling(words: str) -> Iterator[None]:
    """Say that it is done; or why not, with nothing changed."""
    try:
        yield
    except AccountError as error:
        db.session.rollback()
        flash(say_error(error), "warning")
    except IntegrityError:
        db.session.rollback()
        flash(gettext("Somebody else has just invited this address. Nothing was changed."), "warning")
    else:
        flash(str(words), "success")


def _circle(school: School | None) -> Circle:
    return Circle(school.id if school else None)


def _secret() -> str:
    return current_settings().secret_key.get_secret_value()
