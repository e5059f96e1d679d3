"""For load balancers and monitors: alive, ready, and figures."""

from flask import Blueprint, Flask
from sqlalchemy import text

from leadgen.extensions import db
from leadgen.web.access import Audience, audience

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
    """The process reaches its database."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ready"}, 200
