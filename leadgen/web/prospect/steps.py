"""The questions before the list: what she wants, where, and what schools ask first."""

from typing import Any

from flask import render_template

from leadgen.extensions import limiter
from leadgen.guides.loader import find_program, require_program
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.forms import ANY, EligibilityForm, GoalsForm, PlaceForm
from leadgen.web.prospect.here import show_place
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, answer, ask_again, bp, needs_draft
from leadgen.web.transaction import writes
from leadgen.web.translate import find_language


@bp.get("/goals")
@audience(Audience.everybody)
@needs_draft(Step.goals)
def goals(draft: OpenDraft) -> Page:
    """Program, award and certifications."""
    return _show("goals", _ask_goals(draft))


@bp.post("/goals")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.goals)
def save_goals(draft: OpenDraft) -> Page:
    """Keep them. Another program has other certifications: then the page is shown once more with those."""
    form, answers = _ask_goals(draft), draft.answers
    if not form.validate():
        return _show("goals", form), 422
    program = require_program(form.program.data)
    changed, answers.program = answers.program != program.slug, program.slug
    answers.credential = "" if form.credential.data == ANY else form.credential.data
    ticked = form.certifications.data or ()
    answers.certifications = [each.code for each in program.certifications if each.code in ticked]
    if changed and program.certifications:
        return ask_again(draft, Step.goals)
    return answer(draft, Step.goals)


@bp.get("/place")
@audience(Audience.everybody)
@needs_draft(Step.place)
def place(draft: OpenDraft) -> Page:
    """ZIP code, campus or online, and how far."""
    return show_place(draft, _ask(PlaceForm, draft))


@bp.post("/place")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.place)
def save_place(draft: OpenDraft) -> Page:
    """Keep them."""
    form, answers = _ask(PlaceForm, draft), draft.answers
    if not form.validate():
        return show_place(draft, form), 422
    if form.place.zip != answers.zip:
        answers.zip, answers.latitude, answers.longitude = form.place.zip, None, None
    answers.format = form.format.data
    answers.any_distance = form.within.data == ANY
    answers.within_miles = None if answers.any_distance else int(form.within.data)
    return answer(draft, Step.place)


@bp.get("/eligibility")
@audience(Audience.everybody)
@needs_draft(Step.eligibility)
def eligibility(draft: OpenDraft) -> Page:
    """Age and schooling."""
    return _show("eligibility", _ask(EligibilityForm, draft))


@bp.post("/eligibility")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.eligibility)
def save_eligibility(draft: OpenDraft) -> Page:
    """Keep them, and find the schools."""
    form, answers = _ask(EligibilityForm, draft), draft.answers
    if not form.validate():
        return _show("eligibility", form), 422
    answers.adult = form.adult.data == "yes"
    answers.education = form.education.data
    return answer(draft, Step.eligibility)


@bp.get("/under-18")
@audience(Audience.everybody)
@needs_draft(Step.eligibility)
def under_18(draft: OpenDraft) -> Page:
    """Why we take no details from people under 18, and what to do instead."""
    program = find_program(draft.answers.program, find_language())
    return render_template("prospect/inquiry/under_18.html", program=program)


def _ask_goals(draft: OpenDraft) -> GoalsForm:
    form = GoalsForm()
    program = find_program(form.program.data or "") if form.is_submitted() else None
    form.fill(draft.answers, program or require_program(draft.answers.program))
    return form


def _ask(kind: type[Any], draft: OpenDraft) -> Any:
    form = kind()
    form.fill(draft.answers)
    return form


def _show(name: str, form: GoalsForm | EligibilityForm) -> str:
    return render_template(f"prospect/inquiry/{name}.html", form=form)
