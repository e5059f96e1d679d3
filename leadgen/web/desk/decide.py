"""Decisions on choices: release, hold, decline; and withdrawal on her behalf."""

from flask import abort, flash, request
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.journey.release import decline_choice, hold_choice, lock_choices, release_choice
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Choice, Inquiry, Outcome
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.outcome import read_reason, show_inquiry, telling
from leadgen.web.transaction import writes

NO_REASON = ""


@bp.post("/inquiries/<reference>/release")
@audience(Audience.staff, Permission.decide)
@writes
def release(reference: str) -> Response:
    """Release the choice of one school, or every held one where no school is named: all of them or none."""
    if choices := _find_choices(require_inquiry(reference)):
        with telling(f"Released to {_name_schools(choices)}."):
            for choice in choices:
                release_choice(db.session, open_vault(), choice, name_actor(), NO_REASON)
    return show_inquiry(reference)


@bp.post("/inquiries/<reference>/decline")
@audience(Audience.staff, Permission.decide)
@writes
def decline(reference: str) -> Response:
    """Decide that the choice of one school, or every held one, goes to nobody."""
    if choices := _find_choices(require_inquiry(reference)):
        with telling(f"Declined for {_name_schools(choices)}."):
            for choice in choices:
                decline_choice(db.session, open_vault(), choice, name_actor(), read_reason())
    return show_inquiry(reference)


@bp.post("/inquiries/<reference>/hold")
@audience(Audience.staff, Permission.decide)
@writes
def hold(reference: str) -> Response:
    """Put the declined choice of one school back for review."""
    if choices := _find_choices(require_inquiry(reference)):
        with telling(f"Held again for {_name_schools(choices)}."):
            for choice in choices:
                hold_choice(db.session, open_vault(), choice, name_actor(), read_reason())
    return show_inquiry(reference)


@bp.post("/inquiries/<reference>/withdraw")
@audience(Audience.staff, Permission.decide)
@writes
def withdraw(reference: str) -> Response:
    """Withdraw her consent to one school, or to all where none is named, because she asked us."""
    inquiry = require_inquiry(reference)
    school = request.form.get("school", "")
    names = {choice.school_id: choice.school.name for choice in inquiry.choices}
    withdrawn = withdraw_inquiry(db.session, inquiry.id, [school] if school else None, name_actor())
    for each in withdrawn:
        flash(f"Withdrawn from {names[each]}.", "success")
    if not withdrawn:
        flash("No such consent stands any more. Nothing was changed.", "warning")
    return show_inquiry(reference)


def _find_choices(inquiry: Inquiry) -> list[Choice]:
    """The choices that the form is about, locked, so that two people at the desk decide one after the other."""
    school = request.form.get("school", "")
    locked = lock_choices(db.session, inquiry.id)
    if school:
        return [choice for choice in locked if choice.school_id == school] or abort(404)
    standing = {consent.school_id for consent in inquiry.consents if consent.withdrawn_at is None}
    held = [choice for choice in locked if choice.outcome is Outcome.hold and choice.school_id in standing]
    if not held:
        flash("Nothing is held here any more. Nothing was changed.", "warning")
    return held


def _name_schools(choices: list[Choice]) -> str:
    return ", ".join(choice.school.name for choice in choices)
