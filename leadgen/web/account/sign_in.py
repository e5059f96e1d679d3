"""Signing in with a password, and signing out.

A wrong address, a wrong password and an account that is switched off get one answer. The password is compared
outside any transaction that writes: it takes a tenth of a second, in which nobody else should wait.
"""

from flask import flash, redirect, session, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from leadgen.accounts.codes import has_second_factor
from leadgen.accounts.passwords import MAX_PASSWORD_CHARACTERS, is_password_of
from leadgen.accounts.sign_ins import EndedWhy, Proof, end_sign_in, name_user, tell
from leadgen.accounts.users import find_unchanged, find_user
from leadgen.extensions import db
from leadgen.models import User
from leadgen.web.access import Audience, audience, may_lack_second_factor
from leadgen.web.account.blueprint import bp
from leadgen.web.account.half import begin_half
from leadgen.web.account.home import go_home
from leadgen.web.account.pages import show_form
from leadgen.web.account.tries import begin_try, know_browser, succeed
from leadgen.web.next_page import read_next
from leadgen.web.signed_in import begin, find_own_sign_in
from leadgen.web.transaction import reading_first, writes
from leadgen.web.translate import gettext, lazy_gettext

MAX_EMAIL_CHARACTERS = 254
STRANGER = "stranger"
PAGE = "account/sign_in.html"
WRONG = lazy_gettext("This email address and password do not go together. Check both, then try again.")
ONE_STEP = lazy_gettext(
    "You signed in with a password alone, as is allowed on a demo machine only. "
    "Set up a second step on your account page."
)


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail and password. Nobody stays signed in on a machine for longer than a working day."""

    email = EmailField(lazy_gettext("Email address"), [InputRequired(), Length(max=MAX_EMAIL_CHARACTERS)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(), Length(max=MAX_PASSWORD_CHARACTERS)])


@bp.get("/login")
@audience(Audience.everybody)
def sign_in() -> Response:
    """The form; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(read_next() or go_home())
    return show_form(PAGE, SignInForm())


@bp.post("/login")
@audience(Audience.everybody)
@writes
def enter() -> Response:
    """Sign in, or ask for the second factor."""
    form = SignInForm()
    if not form.validate():
        return show_form(PAGE, form, refused=WRONG)
    account = form.email.data.strip().lower()
    tried, wait = begin_try(account)
    if wait:
        return show_form(PAGE, form, wait=wait)
    with reading_first():
        user = find_user(db.session, account)
        genuine, mark = is_password_of(user, form.password.data), user.fs_uniquifier if user else ""
    if user is None or not genuine or find_unchanged(db.session, user.id, mark) is None:
        _note_refusal(user)
        return show_form(PAGE, form, refused=WRONG)
    succeed(tried)
    if has_second_factor(user):
        begin_half(user, read_next())
        return redirect(url_for("account.second_step"))
    know_browser(account)
    begin(user, Proof.password)
    if may_lack_second_factor(user):
        flash(str(ONE_STEP), "warning")
    return redirect(read_next() or url_for("account.welcome"))


@bp.post("/logout")
@audience(Audience.everybody)
@writes
def sign_out() -> Response:
    """End this sign-in, here and wherever its cookie was copied to."""
    if own := find_own_sign_in():
        end_sign_in(db.session, own.user_id, own.id, EndedWhy.signed_out, name_user(own.user_id))
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("account.sign_in"))


@bp.get("/welcome")
@audience(Audience.user)
def welcome() -> Response:
    """Send the user to where the work is."""
    return redirect(go_home())


def _note_refusal(user: User | None) -> None:
    """Into the history of the account that was tried; what was typed for no account is written nowhere."""
    if user is not None:
        tell(db.session, user.id, "user.refused", STRANGER, by=Proof.password)
