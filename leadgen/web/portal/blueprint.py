"""The portal's blueprint, and the one place that says whose portal this is."""

from flask import Blueprint, abort
from flask_security import current_user

from leadgen.dispositions.inbox import find_lead
from leadgen.extensions import db
from leadgen.models import Lead, School

bp = Blueprint("portal", __name__, url_prefix="/portal")


def require_school() -> School:
    """The school of the signed-in user. No form and no address ever names the school."""
    school_id = current_user.school_id
    return (db.session.get(School, school_id) if school_id else None) or abort(404)


def require_lead(reference: str) -> Lead:
    """The school's own lead with this reference. Another school's is answered like one that never was."""
    return find_lead(db.session, require_school().id, reference) or abort(404)
