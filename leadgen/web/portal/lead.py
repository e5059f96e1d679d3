"""A lead's page, who of the school opened it, and the school's word on it. Reading the page writes nothing."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.dispositions.lead_letter import read_lead_letter
from leadgen.dispositions.opening import has_opened, open_lead
from leadgen.dispositions.progress import MEANS, Word, find_progress_obstacle, report_progress
from leadgen.dispositions.report import DispositionError, ReturnReason, accept_lead, return_lead
from leadgen.extensions import db
from leadgen.models import Lead
from leadgen.review.overtaken import name_person
from leadgen.vault import ErasedError, open_vault
from leadgen.web.access import Audience, audience, may
from leadgen.web.actor import name_actor
from leadgen.web.portal.blueprint import bp, require_lead, require_school
from leadgen.web.portal.hours import tell_hours
from leadgen.web.portal.words import PROGRESS_WORDS, RETURN_WORDS
from leadgen.web.signed_in import find_own_sign_in
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error


@bp.get("/leads/<reference>")
@audience(Audience.school)
def lead(reference: str) -> str:
    """The lead as a letter: who, what she wants, when and how to reach her, and what she agreed to."""
    found, school, at = require_lead(reference), require_school(), now(db.session)
    letter = read_lead_letter(db.session, open_vault(), found, at, opened=_has_opened(found))
    times = letter.person["times"] if letter.person else []
    return render_template(
        "portal/lead.html",
        lead=found,
        letter=letter,
        school=school,
        hours=tell_hours(times, letter.inquiry.zip, school.timezone, at),
        reasons=RETURN_WORDS,
        progress={word: PROGRESS_WORDS[word] for word in Word if _may_say(found, word)} if letter.stands else {},
        opener=name_person(db.session, letter.opening.source) if letter.opening else None,
    )


@bp.post("/leads/<reference>/open")
@audience(Audience.school, Permission.reveal)
@writes
def open_contact(reference: str) -> Response:
    """Show who it is and how to reach the person, as long as the user stays signed in; the history says who looked."""
    try:
        open_lead(db.session, require_lead(reference), name_actor(), _find_start())
    except DispositionError as error:
        _undo(say_error(error))
    return redirect(url_for("portal.lead", reference=reference), 303)


@bp.post("/leads/<reference>/accept")
@audience(Audience.school, Permission.report)
@writes
def accept(reference: str) -> Response:
    """The school takes the lead on."""
    try:
        accept_lead(db.session, require_lead(reference), name_actor())
    except DispositionError as error:
        _undo(say_error(error))
    else:
        flash(gettext("You accepted this lead."), "success")
    return redirect(url_for("portal.lead", reference=reference), 303)


@bp.post("/leads/<reference>/report")
@audience(Audience.school, Permission.report)
@writes
def report(reference: str) -> Response:
    """How it goes with the lead, by the word on the button."""
    found, word = require_lead(reference), request.form.get("word", "")
    try:
        if word not in list(Word):
            raise DispositionError(gettext("Choose one of the buttons. Nothing was changed."))
        report_progress(db.session, found, Word(word), name_actor())
    except DispositionError as error:
        _undo(say_error(error))
    else:
        flash(gettext("Written down: %(word)s.", word=PROGRESS_WORDS[word]), "success")
    return redirect(url_for("portal.lead", reference=reference), 303)


@bp.post("/leads/<reference>/return")
@audience(Audience.school, Permission.report)
@writes
def give_back(reference: str) -> Response:
    """The school gives the lead back, with one of the fixed reasons and, if it likes, a note."""
    found, reason = require_lead(reference), request.form.get("reason", "")
    note = request.form.get("note", "").strip() or None
    try:
        if reason not in list(ReturnReason):
            raise DispositionError(gettext("Choose a reason for the return. Nothing was changed."))
        return_lead(db.session, open_vault(), found, ReturnReason(reason), note, name_actor())
    except DispositionError as error:
        _undo(say_error(error))
    except ErasedError:
        _undo(gettext("The personal data was erased. Nothing was changed."))
    else:
        flash(gettext("You returned this lead. Please do not contact this person."), "success")
    return redirect(url_for("portal.lead", reference=reference), 303)


def _may_say(found: Lead, word: Word) -> bool:
    return found.disposition is not MEANS[word] and find_progress_obstacle(found, word) is None


def _has_opened(found: Lead) -> bool:
    return may(Permission.reveal) and has_opened(db.session, found, name_actor(), _find_start())


def _find_start() -> datetime:
    own = find_own_sign_in() or abort(404)
    return own.started_at


def _undo(words: str) -> None:
    db.session.rollback()
    flash(words, "warning")
