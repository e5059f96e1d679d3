"""Who asks by a key: the header ``Authorization: Bearer``, and nothing else. A session's cookie opens nothing here."""

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import OperationalError

from leadgen.accounts.api_keys import find_key, needs_touch, touch_key
from leadgen.clock import now
from leadgen.database import writing_if_free
from leadgen.extensions import db
from leadgen.models import ApiKey
from leadgen.web.problems import write_problem

SCHEME = "bearer"
LONGEST_KEY = 200
ASK = [("WWW-Authenticate", 'Bearer realm="leadgen"')]
REFUSED = [("WWW-Authenticate", 'Bearer realm="leadgen", error="invalid_token"')]

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Note after each request by which key it came."""
    app.after_request(_touch)


def check_key() -> Response | None:
    """Find the key of this request, or say why there is none: 401."""
    secret = read_key()
    if secret is None:
        return write_problem(401, "Send the header Authorization: Bearer, and your key after it.", ASK)
    key = find_key(db.session, secret)
    if key is None:
        return write_problem(401, "This key does not hold: it is mistyped, or was revoked.", REFUSED)
    g.api_key = key
    g.unseen_key = key.id if needs_touch(key, now(db.session)) else None
    return None


def require_key() -> ApiKey:
    """The key of this request, on an address that asks for one."""
    key: ApiKey = g.api_key
    return key


def read_key() -> str | None:
    """What the header holds, if it is of the right kind and not absurdly long."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    return secret if scheme.lower() == SCHEME and 0 < len(secret) <= LONGEST_KEY else None


def _touch(response: Response) -> Response:
    """Note that the key is in use, to the minute. A busy database can wait."""
    if unseen := g.pop("unseen_key", None):
        try:
            with writing_if_free(db.engine) as connection:
                touch_key(connection, unseen)
        except OperationalError:
            log.info("api_key.not_touched")
    return response
