"""Save a view of the worklist, and remove one. Nobody sees another user's."""

from flask import abort, flash, request
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.extensions import db
from leadgen.review.views import ViewError, remove_view, save_view
from leadgen.web.access import Audience, audience
from leadgen.web.desk.asked import read_query, show_worklist, write_query
from leadgen.web.desk.blueprint import bp
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error

NAME_CHARACTERS = 60


@bp.post("/views")
@audience(Audience.staff)
@writes
def keep_view() -> Response:
    """Keep the list that the form comes from under a name. What is kept is what the list understood, and no more."""
    name = " ".join(request.form.get("name", "").split())[:NAME_CHARACTERS]
    if not name:
        flash(gettext("Give the view a name first. Nothing was saved."), "warning")
        return show_worklist()
    try:
        save_view(db.session, current_user.id, name, write_query(read_query(request.form.get("back", ""))))
    except ViewError as error:
        flash(say_error(error), "warning")
    else:
        flash(gettext("Saved as “%(name)s”.", name=name), "success")
    return show_worklist()


@bp.post("/views/<int:view_id>/remove")
@audience(Audience.staff)
@writes
def drop_view(view_id: int) -> Response:
    """Remove a view of the user's own."""
    if not remove_view(db.session, current_user.id, view_id):
        abort(404)
    flash(gettext("The view is removed."), "success")
    return show_worklist()
