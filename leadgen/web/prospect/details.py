"""Her details, and for each ticked school the ways in which it may reach her."""

from flask import render_template

from leadgen.extensions import limiter
from leadgen.intake.answers import ShownSchool
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect import wishes
from leadgen.web.prospect.details_form import DetailsForm
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft
from leadgen.web.transaction import writes


@bp.get("/details")
@audience(Audience.everybody)
@needs_draft(Step.details)
def details(draft: OpenDraft) -> Page:
    """Name, email, phone, times, and the ways for each school."""
    return _show(draft, _ask(draft))


@bp.post("/details")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.details)
def save_details(draft: OpenDraft) -> Page:
    """Keep them, sealed in the draft. Nothing goes to a school yet."""
    form, answers = _ask(draft), draft.answers
    if not form.validate():
        return _show(draft, form), 422
    answers.person = form.write_person()
    answers.channels = form.list_channels()
    answers.trap = form.referral.data or ""
    keep(draft)
    return go_to(Step.check)


def list_ticked(draft: OpenDraft) -> list[ShownSchool]:
    """The schools she ticked, as the list showed them."""
    return [school for school in draft.shown.schools if school.school_id in draft.answers.ticked] if draft.shown else []


def _ask(draft: OpenDraft) -> DetailsForm:
    form = DetailsForm(list_ticked(draft))
    form.fill(draft.answers)
    return form


def _show(draft: OpenDraft, form: DetailsForm) -> str:
    program = wishes.say_program(draft.answers)
    return render_template("prospect/inquiry/details.html", form=form, schools=list_ticked(draft), program=program)
