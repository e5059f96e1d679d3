"""What staff do about deliveries: settle the uncertain, send the failed again, letters too, tell by hand."""

from flask import abort, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.resolve import redeliver, resend_letter, resolve_not_received, resolve_received
from leadgen.extensions import db
from leadgen.models import Delivery, Inquiry, Lead, Letter
from leadgen.review.notes import keep_words
from leadgen.review.reasons import TOLD_REASONS, Reason
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.asked import show_worklist
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.outcome import pick_reason, read_reason, show_inquiry, telling
from leadgen.web.desk.words import REDELIVER_REASONS, RESEND_REASONS, SETTLE_REASONS
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext

RECEIVED, NOT_RECEIVED = "received", "not_received"
SETTLE = {
    RECEIVED: (resolve_received, lazy_gettext("Settled: the school has it.")),
    NOT_RECEIVED: (resolve_not_received, lazy_gettext("Settled: the school does not have it.")),
}


@bp.post("/deliveries/<int:delivery_id>/resolve")
@audience(Audience.staff, Permission.carry)
@writes
def settle_delivery(delivery_id: int) -> Response:
    """Settle whether the school has it. The form's ``answer`` is ``received`` or ``not_received``."""
    delivery = _require_delivery(delivery_id)
    settle, done = SETTLE.get(request.form.get("answer", "")) or abort(400)
    inquiry = _find_inquiry(delivery)
    with telling(done):
        reason = read_reason(SETTLE_REASONS)
        settle(db.session, delivery, name_actor(), reason.code)
        _keep_words(inquiry, reason)
    return show_inquiry(inquiry.reference)


@bp.post("/deliveries/<int:delivery_id>/redeliver")
@audience(Audience.staff, Permission.carry)
@writes
def send_again(delivery_id: int) -> Response:
    """Send a failed delivery again, under the same key."""
    delivery = _require_delivery(delivery_id)
    inquiry = _find_inquiry(delivery)
    with telling(gettext("It goes out again now.")):
        reason = read_reason(REDELIVER_REASONS)
        redeliver(db.session, delivery, name_actor(), reason.code)
        _keep_words(inquiry, reason)
    return show_inquiry(inquiry.reference)


@bp.post("/leads/<reference>/told")
@audience(Audience.staff, Permission.carry)
@writes
def told(reference: str) -> Response:
    """Staff told the school that she withdrew; the reason says how."""
    lead = db.session.scalars(select(Lead).where(Lead.reference == reference)).one_or_none() or abort(404)
    inquiry = db.session.get_one(Inquiry, lead.inquiry_id)
    with telling(gettext("Written down: the school knows of the withdrawal.")):
        reason = read_reason(TOLD_REASONS)
        tell_by_hand(db.session, lead, name_actor(), reason.code)
        _keep_words(inquiry, reason)
    return show_worklist() if "back" in request.form else show_inquiry(inquiry.reference)


@bp.post("/letters/<int:letter_id>/resend")
@audience(Audience.staff, Permission.carry)
@writes
def send_letter_again(letter_id: int) -> Response:
    """Send one of our own letters again that failed, or of which nobody knows."""
    letter = db.session.get(Letter, letter_id) or abort(404)
    inquiry = db.session.get(Inquiry, letter.inquiry_id) or abort(404)
    with telling(gettext("The letter goes out again now.")):
        resend_letter(db.session, letter, name_actor(), pick_reason(RESEND_REASONS))
    return show_inquiry(inquiry.reference)


def _require_delivery(delivery_id: int) -> Delivery:
    return db.session.get(Delivery, delivery_id) or abort(404)


def _find_inquiry(delivery: Delivery) -> Inquiry:
    query = select(Inquiry).join(Lead, Lead.inquiry_id == Inquiry.id).where(Lead.id == delivery.lead_id)
    return db.session.scalars(query).one()


def _keep_words(inquiry: Inquiry, reason: Reason) -> None:
    if reason.words:
        keep_words(db.session, open_vault(), inquiry, name_actor(), reason.words)
