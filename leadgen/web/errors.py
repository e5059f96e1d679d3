"""Errors become pages in one place. What she typed is kept where trying again may work."""

from math import ceil
from time import time

import structlog
from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from leadgen.database import is_busy
from leadgen.extensions import db, limiter
from leadgen.web.next_page import is_own_path
from leadgen.web.origin import OWN_SITES
from leadgen.web.problems import wants_problem, write_problem
from leadgen.web.transaction import SAFE

log = structlog.get_logger()

PAGES = {400, 403, 404, 405, 410, 413, 429}
NEVER_KEPT = {"csrf_token", "code", "passcode", "old"}  # old: the password of now


def register(app: Flask) -> None:
    """One handler for each family of errors."""
    app.register_error_handler(CSRFError, _show_stale)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(RateLimitExceeded, _show_too_often)
    app.register_error_handler(OperationalError, _show_database)
    app.register_error_handler(TimeoutError, _show_busy)
    # another tab saved or sent the same draft between our reading and our writing
    app.register_error_handler(StaleDataError, _show_busy)
    app.register_error_handler(Exception, _show_fault)


def _show_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    if error.code == 404 and (address := _find_without_slash()):
        return make_response(redirect(address, 308))
    if wants_problem():
        return write_problem(error.code, headers=error.get_headers())
    status = error.code if error.code in PAGES else 500 if error.code >= 500 else 400
    response = make_response(render_template(f"errors/{status}.html"), error.code)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _show_too_often(error: RateLimitExceeded) -> Response:
    if wants_problem():
        return _show_http(error)
    hit, longest = limiter.current_limit, error.limit.limit.get_expiry()
    seconds = min(longest, max(1, ceil(hit.reset_at - time()))) if hit else longest
    response = make_response(render_template("errors/429.html", minutes=ceil(seconds / 60)), 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _find_without_slash() -> str | None:
    """The address of a page of ours that was asked for with a slash at its end."""
    path = request.path.rstrip("/")
    if request.method not in SAFE or path in ("", request.path):
        return None
    try:
        current_app.url_map.bind(request.host).match(path, request.method)
    except HTTPException:
        return None
    path = request.root_path + path
    return f"{path}?{request.query_string.decode()}" if request.query_string else path


def _show_stale(_error: CSRFError) -> Response:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_SITES:
        # another site's page made this post: it gets no button that would send its fields as hers
        return make_response(render_template("errors/403.html"), 403)
    return make_response(_offer_again("stale"), 400)


def _show_database(error: OperationalError) -> Response:
    return _show_busy(error) if is_busy(error) else _show_fault(error)


def _show_busy(error: Exception) -> Response:
    db.session.rollback()
    log.warning("request.busy", error=type(error).__name__)
    response = (
        write_problem(503, "Nothing was changed. Ask again in a few seconds.")
        if wants_problem()
        else make_response(_offer_again("busy"), 503)
    )
    response.headers["Retry-After"] = "5"
    return response


def _show_fault(error: Exception) -> Response:
    # the message may hold what somebody typed: only the type and the place are logged
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{place.tb_lineno}" if place else "unknown"
    log.error("request.fault", error=type(error).__name__, reason=where)
    db.session.rollback()
    return write_problem(500) if wants_problem() else make_response(render_template("errors/500.html"), 500)


def _offer_again(page: str) -> str:
    return render_template(f"errors/{page}.html", kept=_kept_fields(), again=_find_address())


def _find_address() -> str:
    """Where this request went, with what was asked of that page: its own address where it is one of ours."""
    path = request.root_path + request.path
    asked = f"{path}?{request.query_string.decode('latin-1')}" if request.query_string else path
    return asked if is_own_path(asked) else path


def _kept_fields() -> list[tuple[str, str]]:
    """Every field of a refused POST but secrets, so that the page can offer to send the same again."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name not in NEVER_KEPT and "password" not in name]
