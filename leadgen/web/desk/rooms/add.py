"""Add a campus or an offering to a school."""

from collections.abc import Callable

from flask import redirect, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.directory.add import add_campus, add_offering
from leadgen.directory.by_hand import EditError, Written
from leadgen.directory.records import CampusRecord, Noun
from leadgen.extensions import db
from leadgen.models import Campus
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.edit import MISTAKE
from leadgen.web.desk.rooms.form_page import find_new, make_new_form, show_form, tell_written
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


@bp.get("/schools/<school_id>/<any(campuses, offerings):room>/new")
@audience(Audience.staff, Permission.directory)
def add(school_id: str, room: str) -> str:
    """An empty form for a new campus or offering."""
    place = find_new(school_id, room)
    return show_form(place, make_new_form(place))


@bp.post("/schools/<school_id>/<any(campuses, offerings):room>/new")
@audience(Audience.staff, Permission.directory)
@writes
def save_new(school_id: str, room: str) -> Response | tuple[str, int]:
    """Add the campus or offering of the form."""
    place = find_new(school_id, room)
    form = make_new_form(place)
    if not form.validate():
        return show_form(place, form), MISTAKE
    add_it: Callable[..., Written] = add_campus if place.noun is Noun.campus else add_offering
    try:
        written = add_it(db.session, school_id, form.read(), name_actor())
    except EditError as error:
        form.mark(error.wrong)
    except IntegrityError:
        form.mark({"offering_id" if place.noun is Noun.offering else "campus": gettext("another; this one is taken")})
    else:
        tell_written(written)
        return redirect(_find_page(written), 303)
    db.session.rollback()
    return show_form(find_new(school_id, room), form), MISTAKE


def _find_page(written: Written) -> str:
    record = written.record
    if not isinstance(record, CampusRecord):
        return url_for("desk.offering", offering_id=record.key[0])
    campus = db.session.query(Campus).filter_by(school_id=record.school_id, name=record.name).one()
    return url_for("desk.campus", campus_id=campus.id)
