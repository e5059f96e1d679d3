"""Her details, and for each ticked school the ways in which it may reach her."""

from flask import flash, render_template
from werkzeug.wrappers import Response

from leadgen.extensions import limiter
from leadgen.intake.answers import Person, ShownSchool
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect import wishes
from leadgen.web.prospect.details_form import DetailsForm
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


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
    """Keep them, sealed in the draft. Nothing goes to a school yet. A school with no way ticked is off her list; where
    none is left she is back at the list, and her details are not kept."""
    form, answers = _ask(draft), draft.answers
    if not form.validate():
        return _show(draft, form), 422
    names = {school.school_id: school.name for school in list_ticked(draft)}
    answers.channels = form.list_channels()
    answers.unticked = [names[school] for school in answers.ticked if school not in answers.chosen]
    answers.ticked = answers.chosen
    if not answers.ticked:
        return _keep_nothing(draft)
    answers.person = form.write_person()
    answers.trap = form.referral.data or ""
    keep(draft)
    return go_to(Step.check)


def _keep_nothing(draft: OpenDraft) -> Response:
    draft.answers.person, draft.answers.unticked = Person(), []
    keep(draft)
    flash(gettext("You let no school contact you. Your details were not kept, and nothing was sent."), "warn")
    return go_to(Step.schools)


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
