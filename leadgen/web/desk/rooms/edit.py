"""Edit a school, a campus or an offering."""

from flask import abort, flash, redirect
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.directory.by_hand import EditError, NotThereError
from leadgen.directory.edit import ChangedMeanwhileError, edit_record, read_editable
from leadgen.extensions import db
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.form_page import Place, find_place, make_edit_form, show_form, tell_written
from leadgen.web.desk.rooms.forms import ColumnsForm
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error

MISTAKE, CONFLICT = 422, 409


@bp.get("/<any(schools, campuses, offerings):room>/<name>/edit")
@audience(Audience.staff, Permission.directory)
def edit(room: str, name: str) -> str:
    """The form of one record, filled with what it is now."""
    place = find_place(room, name)
    try:
        cells = read_editable(db.session, place.school.id, place.noun, place.key)
    except NotThereError:
        abort(404)
    form = make_edit_form(place.noun, place.school, cells.get("program", ""))
    form.fill(cells)
    return show_form(place, form)


@bp.post("/<any(schools, campuses, offerings):room>/<name>/edit")
@audience(Audience.staff, Permission.directory)
@writes
def save(room: str, name: str) -> Response | tuple[str, int]:
    """Write the form's fields over what was seen, unless somebody else was first or something is wrong."""
    place = find_place(room, name)
    form = make_edit_form(place.noun, place.school, ColumnsForm().read_seen().get("program", ""))
    seen = form.read_seen()
    school_id, back = place.school.id, place.back
    if not form.validate():
        return show_form(place, form), MISTAKE
    try:
        written = edit_record(db.session, school_id, place.noun, place.key, form.read(), seen, name_actor())
    except EditError as error:
        form.mark(error.wrong)
        return show_form(_refresh(room, name), form), MISTAKE
    except ChangedMeanwhileError as error:
        typed = form.read()
        form.merge(error.differences, error.now)
        return show_form(_refresh(room, name), form, meanwhile=error, typed=typed), CONFLICT
    except NotThereError as error:
        db.session.rollback()
        flash(gettext("%(error)s Nothing was changed.", error=say_error(error)), "warning")
        return redirect(back, 303)
    tell_written(written)
    return redirect(back, 303)


def _refresh(room: str, name: str) -> Place:
    db.session.rollback()
    return find_place(room, name)
