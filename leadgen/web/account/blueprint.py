"""The blueprint of the account's pages, and the frame they are shown in: the desk's or the portal's."""

from typing import Any

from flask import Blueprint
from flask_security import current_user

from leadgen.extensions import db
from leadgen.models import School

bp = Blueprint("account", __name__)


@bp.context_processor
def _know_frame() -> dict[str, Any]:
    if not current_user.is_authenticated:
        return {"frame": "base.html"}
    if current_user.school_id:
        return {"frame": "portal/base.html", "school": db.session.get(School, current_user.school_id)}
    return {"frame": "desk/base.html"}
