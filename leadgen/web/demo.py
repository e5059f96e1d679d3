"""Every page says so while there is invented data: one look at the database in some seconds, and none in production."""

import time
from contextlib import closing

from flask import Flask, current_app

from leadgen.config import Mode
from leadgen.extensions import current_settings, db

LOOK_AGAIN_SECONDS = 5.0
SEEN = "leadgen.demo"
# a table that somebody keeps locked must not keep a page waiting for this line
_IMPATIENT = "SET LOCAL lock_timeout = 200"
_SOME = "SELECT 1 FROM inquiry WHERE demo LIMIT 1"


def register(app: Flask) -> None:
    """Let the templates ask for `has_demo()`."""
    app.add_template_global(has_demo, "has_demo")


def has_demo() -> bool:
    """Whether there was demo data a moment ago. A database that does not answer changes nothing."""
    if current_settings().mode is Mode.production:
        return False
    seen: dict[str, float] = current_app.extensions.setdefault(SEEN, {"until": 0.0, "there": 0.0})
    if time.monotonic() > seen["until"]:
        seen["until"] = time.monotonic() + LOOK_AGAIN_SECONDS
        seen["there"] = _look(bool(seen["there"]))
    return bool(seen["there"])


def _look(as_before: bool) -> bool:
    try:
        # beside the request's own transaction, which is lost where the page that is drawn tells of a failure
        with closing(db.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            if db.engine.dialect.name == "postgresql":
                cursor.execute(_IMPATIENT)
            cursor.execute(_SOME)
            return cursor.fetchone() is not None
    except Exception:  # the driver's own kind: whatever it is, a line at the top of a page breaks no page
        return as_before
