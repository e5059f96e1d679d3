"""The account's page: where the user is signed in, and the way to everything else about it."""

from flask import abort, flash, redirect, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.accounts.codes import has_second_factor
from leadgen.accounts.errors import AccountError
from leadgen.accounts.language import choose_language
from leadgen.accounts.passkeys import LOCAL_NAME
from leadgen.accounts.sign_ins import EndedWhy, end_sign_in, end_sign_ins, list_sign_ins
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.web.access import Audience, audience, lacks_second_factor, may_lack_second_factor
from leadgen.web.account.blueprint import bp, show_framed
from leadgen.web.account.challenge import find_own_site
from leadgen.web.actor import name_actor
from leadgen.web.signed_in import find_own_sign_in, require_user
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error


@bp.get("/account")
@audience(Audience.user)
def overview() -> str:
    """What the user may see and change about the own account."""
    own = find_own_sign_in()
    sign_ins = list_sign_ins(db.session, current_user.id)
    return show_framed(
        "account/overview.html",
        sign_ins=sign_ins,
        own=own,
        now=now(db.session),
        has_factor=has_second_factor(current_user),
        demo_only=may_lack_second_factor(current_user),
        must_set_up=lacks_second_factor(current_user) and not may_lack_second_factor(current_user),
        passkey_address=_find_passkey_address(),
    )


@bp.post("/account/language")
@audience(Audience.user)
@writes
def choose() -> Response:
    """Choose the language of letters. The page stays in its own."""
    try:
        choose_language(db.session, require_user(), request.form.get("language", ""))
    except AccountError as error:
        db.session.rollback()
        flash(say_error(error), "warning")
    else:
        flash(gettext("Saved. We write to you in this language from now on."), "success")
    return redirect(url_for("account.overview", _anchor="letters"), 303)


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
@audience(Audience.user)
@writes
def end_one(sign_in_id: int) -> Response:
    """End one of the user's own sign-ins; another's is answered like one that never was."""
    own = find_own_sign_in()
    if not end_sign_in(db.session, current_user.id, sign_in_id, EndedWhy.revoked, name_actor()):
        abort(404)
    if own and own.id == sign_in_id:
        session.clear()
        flash(gettext("You are signed out."), "success")
        return redirect(url_for("account.sign_in"))
    flash(gettext("That sign-in is ended."), "success")
    return redirect(url_for("account.overview"), 303)


@bp.post("/account/sign-ins/end")
@audience(Audience.user)
@writes
def end_others() -> Response:
    """End every sign-in of the user but this one."""
    own = find_own_sign_in()
    end_sign_ins(db.session, current_user.id, EndedWhy.revoked, name_actor(), keep=own.id if own else None)
    flash(gettext("You are signed out everywhere else."), "success")
    return redirect(url_for("account.overview"), 303)


def _find_passkey_address() -> str | None:
    """Where passkeys work, when it is not here: on one machine, opened by its number."""
    site = find_own_site()
    by_number = site.host == LOCAL_NAME and request.host.partition(":")[0] != LOCAL_NAME
    return site.origins[0] if by_number else None
