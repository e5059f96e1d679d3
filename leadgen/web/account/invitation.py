"""The page behind the link in an invitation: a name and a password. Opening it changes nothing; mail scanners do."""

from flask import flash, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from leadgen.accounts.errors import AccountError
from leadgen.accounts.invitations import LONGEST_NAME, accept_invitation, find_invited
from leadgen.accounts.passwords import MAX_PASSWORD_CHARACTERS
from leadgen.accounts.sign_ins import Proof
from leadgen.extensions import db
from leadgen.links import LinkError
from leadgen.web.access import Audience, audience
from leadgen.web.account.blueprint import bp
from leadgen.web.account.pages import show_form
from leadgen.web.account.tries import know_browser
from leadgen.web.signed_in import begin
from leadgen.web.transaction import writes
from leadgen.web.translate import find_language, gettext, lazy_gettext, say_error

PAGE = "account/invitation.html"


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """What an invited user gives. The address and the role stand in the invitation."""

    name = StringField(lazy_gettext("Your name"), render_kw={"maxlength": LONGEST_NAME})
    password = PasswordField(lazy_gettext("Password"), render_kw={"maxlength": MAX_PASSWORD_CHARACTERS})


@bp.get("/invitation/<token>")
@audience(Audience.everybody)
def invitation(token: str) -> Response:
    """Ask for a name and a password."""
    try:
        return show_form(PAGE, InvitationForm(), token=token, email=find_invited(db.session, token).email)
    except LinkError as error:
        return show_dead_link(error)


@bp.post("/invitation/<token>")
@audience(Audience.everybody)
@writes
def accept(token: str) -> Response:
    """Use the link up, and sign the new user in."""
    form = InvitationForm()
    try:
        invited = find_invited(db.session, token).email
        given = (form.name.data or "", form.password.data or "")
        user = accept_invitation(db.session, token, *given, find_language())
    except LinkError as error:
        db.session.rollback()
        return show_dead_link(error)
    except AccountError as error:
        db.session.rollback()
        return show_form(PAGE, form, refused=say_error(error), token=token, email=invited)
    know_browser(user.email)
    begin(user, Proof.letter)
    flash(gettext("Welcome. Your account is ready."), "success")
    return redirect(url_for("account.welcome"), 303)


def show_dead_link(error: LinkError) -> Response:
    """Say why a link does not open anything."""
    return make_response(render_template("account/dead_link.html", problem=say_error(error)), 410)
