"""What goes wrong at the door for machines is told as problem details (RFC 9457): JSON, never a page."""

import json
from collections.abc import Iterable

from flask import Response, request

from leadgen.marks import N_

AREA = "/api/"
CONTENT_TYPE = "application/problem+json"
RETRY_AFTER = "60"  # seconds: limits count by the minute
# in plain English: a machine's log is read by whoever runs it, whatever language our pages have
TITLES = {
    400: N_("The request cannot be read"),
    401: N_("A key that holds is needed"),
    403: N_("This key may not do that"),
    404: N_("There is nothing here"),
    405: N_("This address does not take that method"),
    413: N_("The request is too large"),
    415: N_("Send JSON"),
    422: N_("Something in the request is wrong"),
    429: N_("Too many requests"),
    500: N_("Something of ours went wrong"),
    503: N_("Busy: ask again"),
}


def wants_problem() -> bool:
    """Whether this request came by the door for machines."""
    return request.path.startswith(AREA)


def write_problem(
    status: int, detail: str | None = None, headers: Iterable[tuple[str, str]] = (), **more: object
) -> Response:
    """An answer that says what is wrong. ``detail``: what exactly, and how to mend it."""
    title = TITLES.get(status) or TITLES[500 if status >= 500 else 400]
    said = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {}) | more
    response = Response(json.dumps(said, ensure_ascii=False) + "\n", status, content_type=CONTENT_TYPE)
    for name, value in headers:
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    if status == 429:
        response.headers.setdefault("Retry-After", RETRY_AFTER)
    return response
