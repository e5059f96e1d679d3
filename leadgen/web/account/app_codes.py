"""Setting up an authenticator app, and recovery codes. The new key waits in the session until a code proves it."""

from flask import abort, flash, redirect, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.accounts.codes import Codes
from leadgen.extensions import current_settings, db
from leadgen.web.access import Audience, audience
from leadgen.web.account.blueprint import bp, show_framed
from leadgen.web.account.second_step import CodeForm
from leadgen.web.actor import name_actor
from leadgen.web.signed_in import find_own_sign_in, require_user
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext

KEY = "new_app_key"
WRONG = lazy_gettext("This code is not right. Check that the phone's clock is set by itself, then type the next code.")


@bp.post("/account/app")
@audience(Audience.user, fresh=True)
def begin_app() -> Response:
    """Make a key for a new app."""
    session[KEY] = _codes().generate_totp_secret()
    return redirect(url_for("account.set_up_app"), 303)


@bp.get("/account/app")
@audience(Audience.user, fresh=True)
def set_up_app() -> Response | str:
    """The key as a picture and as letters, and the question for the first code."""
    return _show(CodeForm()) if KEY in session else redirect(url_for("account.overview"))


@bp.post("/account/app/check")
@audience(Audience.user, fresh=True)
@writes
def check_app() -> Response | str:
    """Take the key into use once a code of it is right; where they are new, show the recovery codes."""
    form, codes, own = CodeForm(), _codes(), find_own_sign_in()
    if KEY not in session or own is None:
        return redirect(url_for("account.overview"), 303)
    if not form.validate() or not codes.is_code(require_user(), form.code.data, session[KEY]):
        return _show(form, WRONG)
    made = codes.add_app(require_user(), session.pop(KEY), name_actor(), keep=own.id)
    return show_second_step_added(gettext("The app is set up. From now on you sign in with its codes."), made)


@bp.post("/account/app/remove")
@audience(Audience.user, fresh=True)
@writes
def remove_app() -> Response:
    """Ask for the app's codes no more."""
    if not current_user.tf_totp_secret:
        abort(404)
    _codes().remove_app(require_user(), name_actor())
    flash(gettext("The app is removed. Its codes are not asked for any more."), "success")
    return redirect(url_for("account.overview"), 303)


@bp.post("/account/recovery-codes")
@audience(Audience.user, fresh=True)
@writes
def renew_recovery_codes() -> str:
    """New recovery codes, shown this once."""
    made = _codes().make_recovery_codes(require_user(), name_actor())
    return show_framed("account/recovery_codes.html", codes=made)


def show_second_step_added(words: str, made: list[str]) -> Response | str:
    """Say so; with new recovery codes, on the page that shows them."""
    flash(words, "success")
    return (
        show_framed("account/recovery_codes.html", codes=made) if made else redirect(url_for("account.overview"), 303)
    )


def _show(form: CodeForm, refused: str = "") -> str:
    told = _codes().fetch_setup_values(session[KEY], current_user)
    return show_framed("account/app.html", form=form, problem=refused, image=told["image"], key=told["key"])


def _codes() -> Codes:
    return Codes(current_settings(), db.session)
