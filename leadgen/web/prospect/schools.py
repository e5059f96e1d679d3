"""The list of schools: what fits and why, and her ticks. Nothing is ticked for her."""

from collections.abc import Collection
from dataclasses import replace

from flask import render_template, request

from leadgen.extensions import limiter
from leadgen.intake.answers import Shown
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect import wishes
from leadgen.web.prospect.arrange import SORT_WORDS, WHERE_WORDS, View, arrange, read_view
from leadgen.web.prospect.cards import lay_out, pick_main
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
    keep_ticks(draft, form.schools.data)
    answers.full = answers.unticked = []
    keep(draft)
    return go_to(Step.details)


def keep_ticks(draft: OpenDraft, picked: Collection[str]) -> None:
    """Tick these schools of her list, in its order, and no others. What she allowed a school goes with its tick."""
    answers = draft.answers
    answers.ticked = [school for school in _list_ids(draft.shown) if school in picked]
    answers.channels = {school: answers.channels.get(school, []) for school in answers.ticked}


def _ask(draft: OpenDraft) -> SchoolsForm:
    form = SchoolsForm()
    form.fill(_list_ids(draft.shown), draft.answers.ticked)
    return form


def _list_ids(shown: Shown | None) -> list[str]:
    return [school.school_id for school in shown.receiving] if shown else []


def _show(draft: OpenDraft, form: SchoolsForm) -> str:
    assert draft.shown is not None  # `needs_draft` has led everybody else away
    page = "schools" if draft.shown.receiving else "listed_only" if draft.shown.schools else "no_schools"
    # where no school takes inquiries there is nothing to filter by, and nothing to take a filter off with
    view = read_view(request.args) if draft.shown.receiving else View()
    ticked = form.schools.data or ()
    seen = arrange(draft.shown.schools, view, ticked, pick_main)
    layout = lay_out(replace(draft.shown, schools=seen), hidden=len(draft.shown.schools) - len(seen))
    return render_template(
        f"prospect/inquiry/{page}.html",
        form=form,
        answers=draft.answers,
        shown=draft.shown,
        layout=layout,
        picture=draw_shown(draft.shown, layout),
        ticked=ticked,
        compared=request.args.getlist("compare"),
        view=view,
        sorts=SORT_WORDS,
        wheres=WHERE_WORDS,
        wishes=wishes,
    )
