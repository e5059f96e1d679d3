"""To show once more who it is, before what a stolen session must not do: the password, or a passkey."""

from flask import flash, redirect
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from leadgen.accounts.passwords import MAX_PASSWORD_CHARACTERS, is_password_of
from leadgen.accounts.sign_ins import Proof, tell
from leadgen.extensions import db
from leadgen.models import User
from leadgen.web.access import Audience, audience
from leadgen.web.account.blueprint import bp
from leadgen.web.account.home import go_home
from leadgen.web.account.pages import show_form
from leadgen.web.account.tries import begin_try, succeed
from leadgen.web.actor import name_actor
from leadgen.web.next_page import read_next
from leadgen.web.signed_in import note_proof
from leadgen.web.transaction import reading_first, writes
from leadgen.web.translate import gettext, lazy_gettext

PAGE = "account/confirm.html"
WRONG = lazy_gettext("This is not your password. Check it, then try again.")


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The password once more."""

    password = PasswordField(lazy_gettext("Password"), [InputRequired(), Length(max=MAX_PASSWORD_CHARACTERS)])


@bp.get("/account/confirm")
@audience(Audience.user)
def confirm() -> Response:
    """Ask for the password, or a passkey."""
    return show_form(PAGE, ConfirmForm())


@bp.post("/account/confirm")
@audience(Audience.user)
@writes
def give_password() -> Response:
    """Go on where the user wanted to, with a proof that is new."""
    form, number = ConfirmForm(), current_user.id
    tried, wait = begin_try(f"confirm:{number}", known_as=current_user.email.lower())
    if wait:
        return show_form(PAGE, form, wait=wait)
    with reading_first():
        genuine = form.validate() and is_password_of(db.session.get(User, number), form.password.data)
    if not genuine:
        tell(db.session, number, "user.refused", name_actor(), by=Proof.password)
        return show_form(PAGE, form, refused=WRONG)
    succeed(tried)
    return go_on()


def go_on() -> Response:
    """Note the proof, and send the user on."""
    note_proof()
    flash(gettext("Thank you. You can go on now."), "success")
    return redirect(read_next() or go_home(), 303)
