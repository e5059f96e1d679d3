"""Tries at an account, counted by browser and address; and the cookie by which a browser is known again."""

import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from leadgen.accounts.guesses import Try, count_try, forget_try, hash_guess, name_try
from leadgen.extensions import current_settings, db
from leadgen.web.translate import ngettext

COOKIE = "leadgen_device"
KEPT = timedelta(days=180)
MOST_ACCOUNTS = 8


def begin_try(account: str, known_as: str | None = None) -> tuple[Try, timedelta]:
    """Count a try for an account (an address as typed, or another name) and commit; or give how long to wait.

    ``known_as`` is the address under which a browser is known, where that is not ``account``."""
    device, known = _read_device()
    is_known = _mark(known_as or account) in known
    tried = name_try(_secret(), account, request.remote_addr or "", device if is_known else None)
    wait = count_try(db.session, tried)
    db.session.commit()
    return tried, wait


def succeed(tried: Try) -> None:
    """Take the try back: it was good."""
    forget_try(db.session, tried)


def know_browser(account: str) -> None:
    """Remember, in a cookie, that this browser signed in to the account: others' guesses will not slow it down."""
    device, known = _read_device()
    device = device or secrets.token_urlsafe(16)
    value = _serializer().dumps([device, [_mark(account), *(each for each in known if each != _mark(account))]])

    @after_this_request
    def _keep(response: Response) -> Response:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(COOKIE, value, max_age=KEPT, httponly=True, secure=secure, samesite="Lax")
        return response


def write_wait(wait: timedelta) -> str:
    """How long to wait, in the reader's words."""
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 100:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60))


def _read_device() -> tuple[str | None, list[str]]:
    try:
        device, known = _serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None, []
    return str(device), [str(each) for each in known][: MOST_ACCOUNTS - 1]


def _mark(account: str) -> str:
    return hash_guess(_secret(), f"known:{account}").hex()[:16]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(_secret(), salt="known browser")


def _secret() -> str:
    return current_settings().secret_key.get_secret_value()
