"""Response headers that hold for every page, and one log line per request without its path's values."""

import time

import structlog
from flask import Flask, Response, g, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # the origin without a path: no token leaks, and the checks of Origin and Referer on our own forms still work
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
# for the page alone that has a button for it; the browser still asks her
MAY_LOCATE = "geolocation=(self), camera=(), microphone=()"

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Set the headers and write the log line after every request."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers.update(HEADERS)
    if g.get("no_referrer"):
        response.headers["Referrer-Policy"] = "no-referrer"
    if g.get("may_locate"):
        response.headers["Permissions-Policy"] = MAY_LOCATE
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    is_static = request.endpoint and request.endpoint.endswith("static")
    if not is_static and not response.headers.get("Cache-Control", "").startswith("public"):
        response.headers["Cache-Control"] = "no-store"
        # what nobody may keep, no search engine may list: forms, her list, her request, and all that is for insiders
        response.headers["X-Robots-Tag"] = "noindex"
    # the rule, not the path: paths carry tokens and references
    route = request.url_rule.rule if request.url_rule else "unknown"
    milliseconds = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
    log.info("request", method=request.method, route=route, status=response.status_code, milliseconds=milliseconds)
    return response
