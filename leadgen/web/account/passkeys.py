"""Passkeys: made on the account's page, and used to sign in or to confirm who it is. The browser's part is passkeys.js.

What the browser needs comes as JSON; what it answers goes back in a form like any other."""

from flask import Response as JsonResponse
from flask import abort, flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.accounts.codes import Codes
from leadgen.accounts.errors import AccountError
from leadgen.accounts.passkeys import add_passkey, check_passkey, offer_registration, offer_sign_in, remove_passkey
from leadgen.accounts.sign_ins import Proof
from leadgen.extensions import current_settings, db
from leadgen.web.access import Audience, audience
from leadgen.web.account.app_codes import show_second_step_added
from leadgen.web.account.blueprint import bp
from leadgen.web.account.challenge import find_own_site, make_challenge, take_challenge
from leadgen.web.account.confirm import go_on
from leadgen.web.account.half import find_half, find_half_next
from leadgen.web.account.tries import know_browser
from leadgen.web.actor import name_actor
from leadgen.web.next_page import read_next
from leadgen.web.signed_in import begin, find_own_sign_in, require_user
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error


@bp.post("/login/passkey/options")
@audience(Audience.everybody)
def offer_passkeys() -> JsonResponse:
    """What a browser needs to sign somebody in."""
    return _json(offer_sign_in(find_own_site(), make_challenge(), find_half()))


@bp.post("/login/passkey")
@audience(Audience.everybody)
@writes
def use_passkey() -> Response:
    """Sign in with a passkey. It is both steps at once."""
    half = find_half()
    next_page = find_half_next() if half else read_next()
    try:
        user = check_passkey(db.session, find_own_site(), take_challenge(), request.form.get("credential", ""))
        if half and user.id != half.id:
            raise AccountError(gettext("This passkey is another user's."))
    except AccountError as error:
        db.session.rollback()
        flash(say_error(error), "warning")
        return redirect(url_for("account.sign_in", next=next_page), 303)
    know_browser(user.email.lower())
    begin(user, Proof.passkey)
    return redirect(next_page or url_for("account.welcome"), 303)


@bp.post("/account/confirm/passkey/options")
@audience(Audience.user)
def offer_own_passkeys() -> JsonResponse:
    """What a browser needs to confirm who it is."""
    return _json(offer_sign_in(find_own_site(), make_challenge(), require_user()))


@bp.post("/account/confirm/passkey")
@audience(Audience.user)
@writes
def give_passkey() -> Response:
    """Confirm with a passkey of the user's own."""
    number = current_user.id
    try:
        user = check_passkey(db.session, find_own_site(), take_challenge(), request.form.get("credential", ""))
        if user.id != number:
            raise AccountError(gettext("This passkey is another user's."))
    except AccountError as error:
        db.session.rollback()
        flash(say_error(error), "warning")
        return redirect(url_for("account.confirm", next=read_next()), 303)
    return go_on()


@bp.post("/account/passkeys/options")
@audience(Audience.user, fresh=True)
@writes
def offer_new_passkey() -> JsonResponse:
    """What a browser needs to make a passkey."""
    return _json(offer_registration(db.session, require_user(), find_own_site(), make_challenge()))


@bp.post("/account/passkeys")
@audience(Audience.user, fresh=True)
@writes
def keep_passkey() -> Response | str:
    """Keep a passkey that the browser made."""
    own, codes = find_own_sign_in(), Codes(current_settings(), db.session)
    answer, name = request.form.get("credential", ""), request.form.get("name", "")
    try:
        made = add_passkey(
            db.session, require_user(), find_own_site(), take_challenge(), answer, name, codes, own.id if own else None
        )
    except AccountError as error:
        db.session.rollback()
        flash(say_error(error), "warning")
        return redirect(url_for("account.overview"), 303)
    return show_second_step_added(gettext("The passkey is set up. You can sign in with it."), made)


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@audience(Audience.user, fresh=True)
@writes
def forget_passkey(passkey_id: int) -> Response:
    """Forget one of the user's own passkeys."""
    if not remove_passkey(db.session, require_user(), passkey_id, name_actor()):
        abort(404)
    flash(gettext("The passkey is removed."), "success")
    return redirect(url_for("account.overview"), 303)


def _json(text: str) -> JsonResponse:
    return JsonResponse(text, content_type="application/json")
