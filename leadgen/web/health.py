"""For load balancers and monitors: alive, ready, and figures."""

import hmac
from functools import cache

from alembic.migration import MigrationContext
from flask import Blueprint, Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from leadgen.extensions import alembic, current_settings, db
from leadgen.web.access import Audience, audience
from leadgen.web.figures import write_figures

bp = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Add the pages that machines read."""
    app.register_blueprint(bp)


@bp.get("/healthz")
@audience(Audience.everybody)
def alive() -> tuple[dict[str, str], int]:
    """The process answers."""
    return {"status": "alive"}, 200


@bp.get("/readyz")
@audience(Audience.everybody)
def ready() -> tuple[dict[str, str], int]:
    """The process reaches its database, and its tables are there."""
    if reason := _find_obstacle():
        return {"status": "not ready", "reason": reason}, 503
    return {"status": "ready"}, 200


@bp.get("/metrics")
@audience(Audience.everybody)
def metrics() -> Response:
    """Figures for Prometheus, for whoever knows the token. Without a token set, there is no such page."""
    token = current_settings().metrics_token.get_secret_value()
    if not token:
        abort(404)
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return Response("Give the token.\n", 401, {"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    return Response(write_figures(db.session), content_type=CONTENT_TYPE_LATEST)


def _find_obstacle() -> str | None:
    try:
        current = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        db.session.rollback()
        return "the database cannot be reached"
    heads, known = _read_revisions()
    # revisions unknown here are newer: this process serves on until it is replaced
    behind = set(current) <= known and not heads <= set(current)
    return "migrations are missing: run `leadgen db upgrade`" if behind else None


@cache
def _read_revisions() -> tuple[frozenset[str], frozenset[str]]:
    """The newest revisions, and all, as this process's code knows them: read from the files once."""
    scripts = alembic.script_directory
    return frozenset(scripts.get_heads()), frozenset(script.revision for script in scripts.walk_revisions())
