"""The blueprint of the account's pages, and the frame they are shown in: the desk's or the portal's."""

from typing import Any

from flask import Blueprint, render_template
from flask_security import current_user

from leadgen.extensions import db
from leadgen.models import School

bp = Blueprint("account", __name__)


def show_framed(template: str, **words: Any) -> str:
    """A page of somebody who is signed in, with the navigation of the desk or of the portal."""
    school = db.session.get(School, current_user.school_id) if current_user.school_id else None
    return render_template(template, frame="portal/base.html" if school else "desk/base.html", school=school, **words)
