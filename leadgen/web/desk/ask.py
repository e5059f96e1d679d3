"""Ask her about one more school: those of the program that fit or nearly fit, and the letter that asks."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import current_settings, db
from leadgen.journey.ask import ask
from leadgen.matching.criteria import Criteria
from leadgen.matching.nearly import list_nearly, show_nearly
from leadgen.models import Inquiry
from leadgen.review.askings import list_askings
from leadgen.review.reasons import ASK_REASONS
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.outcome import read_reason, show_inquiry, telling
from leadgen.web.pages import read_page
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext

PAGE_SIZE = 20


@bp.get("/inquiries/<reference>/ask")
@audience(Audience.staff)
def pick_school(reference: str) -> str:
    """The schools she can still be asked about, the nearest to what she wants first."""
    inquiry = require_inquiry(reference)
    criteria = Criteria.from_json(inquiry.criteria)
    found = list_nearly(db.session, criteria, _list_settled(inquiry))
    page = read_page(len(found), PAGE_SIZE)
    rows = show_nearly(db.session, criteria.find_place(), found[page.offset : page.offset + page.size])
    shown = {choice.school_id for choice in inquiry.choices}
    return render_template(
        "desk/ask.html",
        inquiry=inquiry,
        page=page,
        rows=rows,
        shown=shown,
        reasons=ASK_REASONS,
        can_ask=_stands(inquiry),
    )


@bp.post("/inquiries/<reference>/ask")
@audience(Audience.staff, Permission.decide)
@writes
def ask_person(reference: str) -> Response:
    """Write her a letter about the school named by ``school``."""
    inquiry = require_inquiry(reference)
    school = request.form.get("school", "")
    if not school:
        flash(gettext("Choose a school first. Nothing was changed."), "warning")
        return show_inquiry(reference)
    secret = current_settings().secret_key.get_secret_value()
    with telling(gettext("The letter is on its way. The school gets nothing unless the person says yes.")):
        reason = read_reason(ASK_REASONS)
        ask(db.session, open_vault(), secret, inquiry, school, name_actor(), reason)
    return show_inquiry(reference)


def _list_settled(inquiry: Inquiry) -> set[str]:
    """Schools she chose herself, or was asked about."""
    asked = {asking.school_id for asking, _, _ in list_askings(db.session, inquiry.id)}
    return asked | {choice.school_id for choice in inquiry.choices if choice.ticked}


def _stands(inquiry: Inquiry) -> bool:
    there = inquiry.contact.wrapped_key is not None
    return there and any(consent.withdrawn_at is None for consent in inquiry.consents)
