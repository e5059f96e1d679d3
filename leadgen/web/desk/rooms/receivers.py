"""Add and change a school's endpoints, replace a signing secret, send a test."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.delivery.trial import TrialError, ask_test
from leadgen.directory.by_hand import EditError, NotThereError
from leadgen.directory.edit import ChangedMeanwhileError
from leadgen.directory.endpoints import rotate_endpoint
from leadgen.directory.receivers import add_endpoint, change_endpoint, read_seen
from leadgen.extensions import db
from leadgen.journey.endpoints import lock_endpoint
from leadgen.models import Endpoint, School, Signature
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.edit import CONFLICT, MISTAKE
from leadgen.web.desk.rooms.endpoint_form import EndpointForm, NewEndpointForm
from leadgen.web.desk.rooms.endpoints import require_endpoint, require_school
from leadgen.web.desk.rooms.tell import name_who
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error


@bp.get("/schools/<school_id>/endpoints/new")
@audience(Audience.staff, Permission.endpoints, fresh=True)
def new_endpoint(school_id: str) -> str:
    """The form of a new endpoint."""
    return _show_form(require_school(school_id), NewEndpointForm())


@bp.post("/schools/<school_id>/endpoints/new")
@audience(Audience.staff, Permission.endpoints, fresh=True)
@writes
def save_endpoint(school_id: str) -> Response | tuple[str, int]:
    """Add it. What the school checks a webhook with is shown on the answer, a secret this once."""
    form = NewEndpointForm()
    if not form.validate():
        return _show_form(require_school(school_id), form), MISTAKE
    try:
        endpoint, secret = add_endpoint(db.session, open_vault(), school_id, form.read_wanted(), name_actor())
    except (EditError, NotThereError) as error:
        db.session.rollback()
        form.mark(getattr(error, "wrong", {"school": say_error(error)}))
        return _show_form(require_school(school_id), form), MISTAKE
    if secret:
        return show_secret(endpoint, secret, is_new=True)
    flash(gettext("The endpoint is added. It takes leads once a test was accepted."), "success")
    return _go_to(endpoint.id)


@bp.get("/endpoints/<int:endpoint_id>/edit")
@audience(Audience.staff, Permission.endpoints, fresh=True)
def edit_endpoint(endpoint_id: int) -> str:
    """The form of what may be changed of an endpoint."""
    endpoint = require_endpoint(endpoint_id)
    form = EndpointForm()
    form.fill(read_seen(endpoint))
    return _show_form(require_school(endpoint.school_id), form, endpoint)


@bp.post("/endpoints/<int:endpoint_id>/edit")
@audience(Audience.staff, Permission.endpoints, fresh=True)
@writes
def change(endpoint_id: int) -> Response | tuple[str, int]:
    """Give an endpoint another address or place in the order, unless somebody else was first."""
    form, wrong, meanwhile, typed = EndpointForm(), {}, None, EndpointForm().read()
    try:
        endpoint = lock_endpoint(db.session, endpoint_id)
        changed = change_endpoint(
            db.session, endpoint, typed, form.read_seen(), name_actor(), test=bool(form.test.data)
        )
        words = (
            gettext("Saved: this is a new version of the endpoint.")
            if changed
            else gettext("Nothing differs, so nothing was written.")
        )
        flash(words, "success" if changed else "warning")
        return _go_to(endpoint_id)
    except NotThereError as error:
        db.session.rollback()
        flash(gettext("%(error)s Nothing was changed.", error=say_error(error)), "warning")
        return redirect(url_for("desk.endpoints"), 303)
    except EditError as error:
        wrong = error.wrong
    except ChangedMeanwhileError as error:
        form.merge(error.differences, error.now)
        meanwhile = error
    who = name_who(db.session, meanwhile.last) if meanwhile and meanwhile.last else None
    db.session.rollback()
    form.mark(wrong)
    endpoint = require_endpoint(endpoint_id)
    page = _show_form(require_school(endpoint.school_id), form, endpoint, meanwhile=meanwhile, who=who, typed=typed)
    return page, CONFLICT if meanwhile else MISTAKE


@bp.post("/endpoints/<int:endpoint_id>/rotate")
@audience(Audience.staff, Permission.endpoints, fresh=True)
@writes
def rotate(endpoint_id: int) -> Response:
    """Make a new signing secret, which the answer shows this once."""
    require_endpoint(endpoint_id)
    endpoint = lock_endpoint(db.session, endpoint_id)
    at_once, named = "at_once" in request.form, request.form.get("signature")
    if named and named not in set(Signature):
        abort(400)
    signature = Signature(named) if named else None
    secret = rotate_endpoint(db.session, open_vault(), endpoint, name_actor(), at_once=at_once, signature=signature)
    if secret is None:
        flash(gettext("This endpoint signs nothing, so it has no secret. Nothing was changed."), "warning")
        return _go_to(endpoint_id)
    return show_secret(endpoint, secret, is_new=False, at_once=at_once)


@bp.post("/endpoints/<int:endpoint_id>/test")
@audience(Audience.staff, Permission.endpoints)
@writes
def send_test(endpoint_id: int) -> Response:
    """Send an invented lead, as a real one would be sent, once or twice. A worker carries it."""
    endpoint = require_endpoint(endpoint_id)
    try:
        ask_test(db.session, endpoint, name_actor(), twice="twice" in request.form)
    except TrialError as error:
        db.session.rollback()
        flash(gettext("%(error)s Nothing was sent.", error=say_error(error)), "warning")
    else:
        flash(gettext("The test is on its way. Its outcome stands under Tests."), "success")
    return redirect(url_for("desk.endpoint", endpoint_id=endpoint_id, _anchor="tests"), 303)


def show_secret(endpoint: Endpoint, secret: str, *, is_new: bool, at_once: bool = True) -> Response:
    """The page that shows a secret once, which nobody keeps, or a public key."""
    page = render_template(
        "desk/rooms/secret.html",
        endpoint=endpoint,
        school=db.session.get_one(School, endpoint.school_id),
        secret=secret,
        is_new=is_new,
        at_once=at_once,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _go_to(endpoint_id: int) -> Response:
    return redirect(url_for("desk.endpoint", endpoint_id=endpoint_id), 303)


def _show_form(school: School, form: EndpointForm, endpoint: Endpoint | None = None, **words: object) -> str:
    return render_template("desk/rooms/endpoint_form.html", school=school, form=form, endpoint=endpoint, **words)
