"""Erase what an inquiry holds about a person, because that person asked us. It cannot be undone."""

from flask import flash
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import current_settings, db
from leadgen.journey.erase import erase_inquiry
from leadgen.privacy.erase import ErasedAlreadyError
from leadgen.review.reasons import ERASE_REASONS
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.outcome import pick_reason, show_inquiry, telling
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error


@bp.post("/inquiries/<reference>/erase")
@audience(Audience.staff, Permission.erase)
@writes
def erase(reference: str) -> Response:
    """Withdraw everywhere, tell the schools, destroy the key; the history says who and why."""
    inquiry = require_inquiry(reference)
    try:
        with telling(gettext("The personal data is erased. Schools that have it are told.")):
            why = pick_reason(ERASE_REASONS)
            erase_inquiry(db.session, open_vault(), current_settings(), inquiry, name_actor(), why)
    except ErasedAlreadyError as error:
        db.session.rollback()
        flash(say_error(error), "warning")
    return show_inquiry(reference)
