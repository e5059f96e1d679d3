"""A new password: by the one who knows the old one, or by the link in a letter for the one who lost it.

Asking for the letter gets the same answer whoever asks, and whether there is an account or not."""

from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from leadgen.accounts.errors import AccountError
from leadgen.accounts.passwords import MAX_PASSWORD_CHARACTERS, is_password_of
from leadgen.accounts.resets import check_reset, reset_password, send_reset
from leadgen.accounts.sign_ins import Proof, tell
from leadgen.accounts.users import change_password, find_unchanged
from leadgen.extensions import current_settings, db
from leadgen.links import LinkError
from leadgen.models import User
from leadgen.web.access import Audience, audience
from leadgen.web.account.blueprint import bp
from leadgen.web.account.confirm import WRONG
from leadgen.web.account.invitation import show_dead_link
from leadgen.web.account.pages import show_form
from leadgen.web.account.sign_in import MAX_EMAIL_CHARACTERS
from leadgen.web.account.tries import begin_try, succeed
from leadgen.web.actor import name_actor
from leadgen.web.signed_in import begin
from leadgen.web.transaction import reading_first, writes
from leadgen.web.translate import gettext, lazy_gettext, say_error

LOST, CHOOSE, CHANGE = "account/lost_password.html", "account/choose_password.html", "account/change_password.html"


class LostForm(FlaskForm):  # type: ignore[misc]
    """Whose password is lost."""

    email = EmailField(
        lazy_gettext("Email address"),
        [InputRequired(lazy_gettext("Enter your email address.")), Length(max=MAX_EMAIL_CHARACTERS)],
    )


class ChooseForm(FlaskForm):  # type: ignore[misc]
    """A new password. What is wrong with one is said by the stage."""

    password = PasswordField(lazy_gettext("New password"), render_kw={"maxlength": MAX_PASSWORD_CHARACTERS})


class ChangeForm(ChooseForm):
    """The old password and the new one."""

    old = PasswordField(lazy_gettext("Password of now"), [InputRequired(), Length(max=MAX_PASSWORD_CHARACTERS)])


@bp.get("/lost-password")
@audience(Audience.everybody)
def lost_password() -> Response:
    """Ask where to write to."""
    return show_form(LOST, LostForm())


@bp.post("/lost-password")
@audience(Audience.everybody)
@writes
def send_letter() -> Response | str:
    """Write, if there is somebody to write to and it was not asked for too often; and always say the same."""
    form = LostForm()
    if not form.validate():
        return show_form(LOST, form, refused=gettext("Enter your email address."))
    account = form.email.data.strip().lower()
    _, wait = begin_try(f"letter:{account}", known_as=account)
    if not wait:
        send_reset(db.session, current_settings().secret_key.get_secret_value(), account)
    return render_template("account/letter_sent.html", email=account)


@bp.get("/password/<token>")
@audience(Audience.everybody)
def choose_password(token: str) -> Response:
    """Ask for the new password."""
    try:
        check_reset(db.session, token)
    except LinkError as error:
        return show_dead_link(error)
    return show_form(CHOOSE, ChooseForm(), token=token)


@bp.post("/password/<token>")
@audience(Audience.everybody)
@writes
def set_password(token: str) -> Response:
    """Use the link up; signing in comes after, with the second step as before."""
    form = ChooseForm()
    try:
        reset_password(db.session, token, form.password.data or "")
    except LinkError as error:
        db.session.rollback()
        return show_dead_link(error)
    except AccountError as error:
        db.session.rollback()
        return show_form(CHOOSE, form, refused=say_error(error), token=token)
    flash(gettext("Your password is changed. Sign in with it."), "success")
    return redirect(url_for("account.sign_in"), 303)


@bp.get("/account/password")
@audience(Audience.user)
def new_password() -> Response:
    """Ask for the old password and the new one."""
    return show_form(CHANGE, ChangeForm())


@bp.post("/account/password")
@audience(Audience.user)
@writes
def change_own_password() -> Response:
    """Change it, which ends every sign-in; this browser gets a new one."""
    form, number, mark = ChangeForm(), current_user.id, current_user.fs_uniquifier
    tried, wait = begin_try(f"confirm:{number}", known_as=current_user.email.lower())
    if wait:
        return show_form(CHANGE, form, wait=wait)
    with reading_first():
        genuine = form.validate() and is_password_of(db.session.get(User, number), form.old.data)
    user = find_unchanged(db.session, number, mark) if genuine else None
    if user is None:
        tell(db.session, number, "user.refused", name_actor(), by=Proof.password)
        return show_form(CHANGE, form, refused=WRONG)
    succeed(tried)
    try:
        change_password(db.session, user, form.password.data or "", name_actor())
    except AccountError as error:
        return show_form(CHANGE, form, refused=say_error(error))
    begin(user, Proof.password)
    flash(gettext("Your password is changed. You are signed out everywhere else."), "success")
    return redirect(url_for("account.overview"), 303)
