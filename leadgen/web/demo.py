"""Every page says so while there is invented data: one look at the database in some seconds, and none in production."""

import time

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from leadgen.config import Mode
from leadgen.database import reading
from leadgen.extensions import current_settings, db
from leadgen.models import Inquiry

LOOK_AGAIN_SECONDS = 5.0
SEEN = "leadgen.demo"
_SOME = select(Inquiry.id).where(Inquiry.demo).limit(1)


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
        # on a connection of its own: the page that tells of a failure is drawn inside a transaction that is lost
        with reading(), db.engine.connect() as connection:
            return connection.scalar(_SOME) is not None
    except SQLAlchemyError:
        return as_before
