"""The second step of signing in: a code of the app, or a recovery code. A passkey does both steps at once."""

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from leadgen.accounts.codes import Codes
from leadgen.accounts.sign_ins import Proof, tell
from leadgen.accounts.users import find_unchanged
from leadgen.extensions import current_settings, db
from leadgen.models import User
from leadgen.web.access import Audience, audience
from leadgen.web.account.blueprint import bp
from leadgen.web.account.half import find_half, find_half_next
from leadgen.web.account.pages import show_form
from leadgen.web.account.tries import begin_try, know_browser, succeed
from leadgen.web.signed_in import begin
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext

LONGEST_CODE = 32
WRONG = {
    Proof.code: lazy_gettext("This code is not right, or it was used already. Wait for the next one, then type it."),
    Proof.recovery_code: lazy_gettext("This is not one of your recovery codes, or it was used already."),
}
PAGES = {Proof.code: "account/second_step.html", Proof.recovery_code: "account/recovery.html"}


class CodeForm(FlaskForm):  # type: ignore[misc]
    """One code."""

    code = StringField(lazy_gettext("Code"), [InputRequired(), Length(max=LONGEST_CODE)])


@bp.get("/login/code")
@audience(Audience.everybody)
def second_step() -> Response:
    """Ask for the second factor."""
    return _show(Proof.code)


@bp.get("/login/recovery")
@audience(Audience.everybody)
def recovery() -> Response:
    """Ask for a recovery code."""
    return _show(Proof.recovery_code)


@bp.post("/login/code")
@audience(Audience.everybody)
@writes
def give_code() -> Response:
    """Sign in with the app's code."""
    return _give(Proof.code)


@bp.post("/login/recovery")
@audience(Audience.everybody)
@writes
def give_recovery_code() -> Response:
    """Sign in with a recovery code, which is used up."""
    return _give(Proof.recovery_code)


def _show(proof: Proof) -> Response:
    user = find_half()
    return show_form(PAGES[proof], CodeForm(), user=user) if user else _start_over()


def _give(proof: Proof) -> Response:
    user, form = find_half(), CodeForm()
    if user is None:
        return _start_over()
    account, number, mark = user.email.lower(), user.id, user.fs_uniquifier
    tried, wait = begin_try(f"code:{number}", known_as=account)
    user = find_unchanged(db.session, number, mark)
    if user is None:
        return _start_over()
    if wait:
        return show_form(PAGES[proof], form, wait=wait, user=user)
    if not form.validate() or not _is_good(user, proof, form.code.data):
        tell(db.session, user.id, "user.refused", "stranger", by=proof)
        return show_form(PAGES[proof], form, refused=WRONG[proof], user=user)
    succeed(tried)
    know_browser(account)
    next_page = find_half_next()
    begin(user, proof)
    if proof is Proof.recovery_code:
        flash(
            gettext(
                "Recovery codes left: %(number)s. Make new ones before they run out.",
                number=len(user.mf_recovery_codes or []),
            ),
            "warning",
        )
    return redirect(next_page or url_for("account.welcome"))


def _is_good(user: User, proof: Proof, code: str) -> bool:
    codes = Codes(current_settings(), db.session)
    return codes.is_code(user, code) if proof is Proof.code else codes.use_recovery_code(user, code)


def _start_over() -> Response:
    flash(gettext("Too much time has passed. Sign in again."), "warning")
    return redirect(url_for("account.sign_in"))
