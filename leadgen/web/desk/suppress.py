"""Never contact the person of an inquiry again, because its owner asked us; or again, because the owner did."""

from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.journey.suppress import lift_suppression, suppress_person
from leadgen.models import Inquiry
from leadgen.review.reasons import ERASE_REASONS
from leadgen.suppression import is_suppressed
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.outcome import pick_reason, show_inquiry, telling
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


@bp.post("/inquiries/<reference>/suppress")
@audience(Audience.staff, Permission.erase)
@writes
def suppress(reference: str) -> Response:
    """Put its email and number on the list, and withdraw all that holds one of them."""
    inquiry = require_inquiry(reference)
    with telling(gettext("Nothing goes to this person, or out with this email or number, any more.")):
        suppress_person(db.session, _list_indexes(inquiry), name_actor(), pick_reason(ERASE_REASONS))
    return show_inquiry(reference)


@bp.post("/inquiries/<reference>/unsuppress")
@audience(Audience.staff, Permission.erase)
@writes
def unsuppress(reference: str) -> Response:
    """Take them off the list."""
    inquiry = require_inquiry(reference)
    with telling(gettext("It is off the list. What was withdrawn stays so.")):
        lift_suppression(db.session, _list_indexes(inquiry), name_actor())
    return show_inquiry(reference)


def is_never_contacted(inquiry: Inquiry) -> bool:
    """Whether its email or its number is on the list."""
    return is_suppressed(db.session, *_list_indexes(inquiry))


def _list_indexes(inquiry: Inquiry) -> list[bytes]:
    return [each for each in (inquiry.contact.email_index, inquiry.contact.phone_index) if each]
