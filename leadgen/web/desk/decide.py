"""Decisions on choices: release, hold, decline; and withdrawal on her behalf."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, request
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.journey.release import decline_choice, hold_choice, lock_choices, release_choice
from leadgen.journey.withdraw import withdraw_for_person
from leadgen.models import Choice, Inquiry, Outcome
from leadgen.review.overtaken import refuse_overtaken, say_latest_of
from leadgen.review.reasons import CHECKED, DECLINE_REASONS, HOLD_REASONS, RELEASE_REASONS, WITHDRAW_REASONS
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.outcome import read_reason, read_seen, show_inquiry, telling
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, translate


@bp.post("/inquiries/<reference>/release")
@audience(Audience.staff, Permission.decide)
@writes
def release(reference: str) -> Response:
    """Release the choice of one school, or every held one where no school is named: all of them or none."""
    return _decide(reference, gettext("Released to %(schools)s."), release_choice, RELEASE_REASONS, CHECKED)


@bp.post("/inquiries/<reference>/decline")
@audience(Audience.staff, Permission.decide)
@writes
def decline(reference: str) -> Response:
    """Decide that the choice of one school, or every held one, goes to nobody."""
    return _decide(reference, gettext("Declined for %(schools)s."), decline_choice, DECLINE_REASONS)


@bp.post("/inquiries/<reference>/hold")
@audience(Audience.staff, Permission.decide)
@writes
def hold(reference: str) -> Response:
    """Keep the choice of one school, or every held one, for review: set it aside, take a decline back, or a release
    that has not left yet."""
    return _decide(reference, gettext("Held for %(schools)s."), hold_choice, HOLD_REASONS)


@bp.post("/inquiries/<reference>/withdraw")
@audience(Audience.staff, Permission.decide)
@writes
def withdraw(reference: str) -> Response:
    """Withdraw her consent to one school, or to all where none is named, because she asked us."""
    inquiry = require_inquiry(reference)
    school = request.form.get("school", "")
    names = {choice.school_id: choice.school.name for choice in inquiry.choices}
    standing = [each.school_id for each in inquiry.consents if each.withdrawn_at is None]
    wanted = [each for each in standing if school in ("", each)]
    with telling(gettext("Withdrawn from %(names)s.", names=", ".join(names[each] for each in wanted))):
        reason = read_reason(WITHDRAW_REASONS)
        withdraw_for_person(db.session, open_vault(), inquiry, [school] if school else None, name_actor(), reason)
    return show_inquiry(reference)


def _decide(
    reference: str, done: str, act: Callable[..., Any], reasons: Mapping[str, str], usual: str = ""
) -> Response:
    """Do one thing to the choices that the form is about: to all of them or to none."""
    inquiry = require_inquiry(reference)
    # locked, so that two people at the desk decide one after the other
    locked = lock_choices(db.session, inquiry.id)
    wanted, seen = _pick_choices(inquiry, locked), read_seen()
    with telling(done % {"schools": ", ".join(choice.school.name for choice in wanted)}):
        if not request.form.get("school"):
            _refuse_all(locked, wanted, seen)
        reason = read_reason(reasons, usual)
        for choice in wanted:
            act(db.session, open_vault(), choice, name_actor(), reason, seen)
    return show_inquiry(reference)


def _pick_choices(inquiry: Inquiry, locked: list[Choice]) -> list[Choice]:
    school = request.form.get("school", "")
    if school:
        return [choice for choice in locked if choice.school_id == school] or abort(404)
    standing = {consent.school_id for consent in inquiry.consents if consent.withdrawn_at is None}
    return [choice for choice in locked if choice.outcome is Outcome.hold and choice.school_id in standing]


def _refuse_all(locked: list[Choice], held: list[Choice], seen: int | None) -> None:
    """A decision on all that is held is one on what the page showed: none of it may have changed."""
    for choice in locked:
        refuse_overtaken(db.session, choice, seen)
    if not held:
        latest = translate(say_latest_of(db.session, locked))
        raise ReleaseError(gettext("Nothing is held here any more. %(latest)s Nothing was changed.", latest=latest))
