"""Take what failed off the worklist, and put it back."""

from flask import abort, request
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.delivery.set_aside import put_back, set_aside
from leadgen.extensions import db
from leadgen.models import Delivery, Inquiry, Lead, Letter
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.asked import show_worklist
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.outcome import pick_reason, show_inquiry, telling
from leadgen.web.desk.worklist_words import PUT_BACK_REASONS, SET_ASIDE_REASONS
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


@bp.post("/failed/<any(delivery, letter):kind>/<int:row_id>/set-aside")
@audience(Audience.staff, Permission.carry)
@writes
def set_failed_aside(kind: str, row_id: int) -> Response:
    """Nobody needs to look at it any more, for the reason that was picked."""
    row = _require(kind, row_id)
    with telling(gettext("Set aside. It is off the worklist.")):
        set_aside(db.session, row, name_actor(), pick_reason(SET_ASIDE_REASONS))
    return _go_back(row)


@bp.post("/failed/<any(delivery, letter):kind>/<int:row_id>/put-back")
@audience(Audience.staff, Permission.carry)
@writes
def put_failed_back(kind: str, row_id: int) -> Response:
    """It is on the worklist again, for the reason that was picked."""
    row = _require(kind, row_id)
    with telling(gettext("It is on the worklist again.")):
        put_back(db.session, row, name_actor(), pick_reason(PUT_BACK_REASONS))
    return _go_back(row)


def _require(kind: str, row_id: int) -> Delivery | Letter:
    if kind == "delivery":
        return db.session.get(Delivery, row_id) or abort(404)
    return db.session.get(Letter, row_id) or abort(404)


def _go_back(row: Delivery | Letter) -> Response:
    inquiry_id = _find_inquiry(row)
    if "back" in request.form or inquiry_id is None:
        return show_worklist()
    return show_inquiry(db.session.get_one(Inquiry, inquiry_id).reference)


def _find_inquiry(row: Delivery | Letter) -> int | None:
    if isinstance(row, Letter):
        return row.inquiry_id
    return db.session.get_one(Lead, row.lead_id).inquiry_id
