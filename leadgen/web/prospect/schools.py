"""The list of schools: what fits and why, and her ticks. Nothing is ticked for her."""

from flask import render_template

from leadgen.extensions import limiter
from leadgen.intake.answers import Shown
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect import wishes
from leadgen.web.prospect.cards import lay_out
from leadgen.web.prospect.forms import SchoolsForm
from leadgen.web.prospect.picture import draw_shown
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft
from leadgen.web.transaction import writes


@bp.get("/schools")
@audience(Audience.everybody)
@needs_draft(Step.schools)
def schools(draft: OpenDraft) -> Page:
    """The list as shown, from the draft; what comes closest, where nothing fits; or whom she can ask herself, where
    not one of those that fit takes inquiries through us."""
    return _show(draft, _ask(draft))


@bp.post("/schools")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.schools)
def save_schools(draft: OpenDraft) -> Page:
    """Keep her ticks, in the order of the list. What she allowed a school goes with its tick."""
    form, answers = _ask(draft), draft.answers
    if not form.validate():
        return _show(draft, form), 422
    answers.ticked = [school for school in _list_ids(draft.shown) if school in form.schools.data]
    answers.channels = {school: answers.channels.get(school, []) for school in answers.ticked}
    answers.full = []
    keep(draft)
    return go_to(Step.details)


def _ask(draft: OpenDraft) -> SchoolsForm:
    form = SchoolsForm()
    form.fill(_list_ids(draft.shown), draft.answers.ticked)
    return form


def _list_ids(shown: Shown | None) -> list[str]:
    return [school.school_id for school in shown.receiving] if shown else []


def _show(draft: OpenDraft, form: SchoolsForm) -> str:
    assert draft.shown is not None  # `needs_draft` has led everybody else away
    page = "schools" if draft.shown.receiving else "listed_only" if draft.shown.schools else "no_schools"
    layout = lay_out(draft.shown)
    return render_template(
        f"prospect/inquiry/{page}.html",
        form=form,
        answers=draft.answers,
        shown=draft.shown,
        layout=layout,
        picture=draw_shown(draft.shown, layout),
        ticked=form.schools.data or (),
        wishes=wishes,
    )
