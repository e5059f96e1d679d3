"""Signing in with a password, and signing out.

A wrong address, a wrong password and an account that is switched off get one answer. The password is compared
outside any transaction that writes: it takes a tenth of a second, in which nobody else should wait.
"""

from datetime import timedelta

from flask import flash, make_response, redirect, render_template, session, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from leadgen.accounts.passwords import MAX_PASSWORD_CHARACTERS, is_password_of
from leadgen.accounts.sign_ins import EndedWhy, Proof, end_sign_in, name_user, tell
from leadgen.accounts.users import find_user
from leadgen.extensions import db
from leadgen.models import User
from leadgen.web.access import Audience, audience
from leadgen.web.account.blueprint import bp
from leadgen.web.account.home import go_home
from leadgen.web.account.tries import begin_try, know_browser, succeed, write_wait
from leadgen.web.next_page import read_next
from leadgen.web.signed_in import begin, find_own_sign_in
from leadgen.web.transaction import reading_first, writes

MAX_EMAIL_CHARACTERS = 254
STRANGER = "stranger"


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail and password. Nobody stays signed in on a machine for longer than a working day."""

    email = EmailField("Email address", [InputRequired(), Length(max=MAX_EMAIL_CHARACTERS)])
    password = PasswordField("Password", [InputRequired(), Length(max=MAX_PASSWORD_CHARACTERS)])


@bp.get("/login")
@audience(Audience.everybody)
def sign_in() -> Response:
    """The form; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(read_next() or go_home())
    return _show(SignInForm())


@bp.post("/login")
@audience(Audience.everybody)
@writes
def enter() -> Response:
    """Sign in, or ask for the second factor."""
    form = SignInForm()
    if not form.validate():
        return _show(form, refused=True)
    account = form.email.data.strip().lower()
    tried, wait = begin_try(account)
    if wait:
        return _show(form, wait=wait)
    with reading_first():
        user = find_user(db.session, account)
        genuine = is_password_of(user, form.password.data)
    if user is None or not genuine:
        _note_refusal(user)
        return _show(form, refused=True)
    succeed(tried)
    know_browser(account)
    begin(user, Proof.password)
    return redirect(read_next() or url_for("account.welcome"))


@bp.post("/logout")
@audience(Audience.everybody)
@writes
def sign_out() -> Response:
    """End this sign-in, here and wherever its cookie was copied to."""
    if own := find_own_sign_in():
        end_sign_in(db.session, own.user_id, own.id, EndedWhy.signed_out, name_user(own.user_id))
    session.clear()
    flash("You are signed out.", "success")
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


def _show(form: SignInForm, *, refused: bool = False, wait: timedelta | None = None) -> Response:
    page = render_template(
        "account/sign_in.html", form=form, refused=refused, wait=write_wait(wait) if wait else None, next=read_next()
    )
    response = make_response(page, 429 if wait else 200)
    if wait:
        response.headers["Retry-After"] = str(round(wait.total_seconds()) + 1)
    return response
