"""The desk's blueprint, and what its views share."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from leadgen.extensions import db
from leadgen.models import Inquiry
from leadgen.review.dossier import find_inquiry

bp = Blueprint("desk", __name__, url_prefix="/desk")


def require_inquiry(reference: str) -> Inquiry:
    """The inquiry with this reference; there is no page where there is none."""
    session: Session = db.session
    inquiry = find_inquiry(session, reference)
    if inquiry is None:
        abort(404)
    return inquiry
