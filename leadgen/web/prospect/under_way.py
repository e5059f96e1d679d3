"""What every page of an inquiry does: find the draft, keep the order of pages, save, and go on."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, make_response, redirect, render_template, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.intake.draft import OpenDraft, save_draft
from leadgen.intake.funnel import count_reached, list_new
from leadgen.journey.search import search
from leadgen.tokens import make_token
from leadgen.web.prospect.draft_cookie import find_my_draft
from leadgen.web.prospect.kept import tell_kept
from leadgen.web.prospect.progress import Step, find_furthest, find_question
from leadgen.web.transaction import begin_again

bp = Blueprint("inquiry", __name__, url_prefix="/inquiry")

# per network address: many people may share one
LIMIT = "60 per minute"

Page = str | tuple[str, int] | Response


def needs_draft(step: Step) -> Callable[[Callable[[OpenDraft], Page]], Callable[[], Page]]:
    """Hand the view her draft; without one say so, and lead to the first page that is not answered.

    Where another tab of hers saved between our reading and our writing, the view is called once more with the draft as
    it is then: what she said there stays, and what she says here is added."""

    def decorate(view: Callable[[OpenDraft], Page]) -> Callable[[], Page]:
        def with_draft() -> Page:
            draft = find_my_draft()
            if draft is None:
                return show_gone()
            furthest = find_furthest(draft.answers, has_list=draft.has_list)
            return go_to(furthest) if furthest.number < step.number else view(draft)

        @wraps(view)
        def with_draft_as_it_is() -> Page:
            try:
                return with_draft()
            except StaleDataError:
                begin_again()
                return with_draft()

        return with_draft_as_it_is

    return decorate


def go_to(step: Step) -> Response:
    """Lead to a page. Always 303: the next request is a GET."""
    return redirect(url_for(f"inquiry.{step}"), 303)


def show_gone() -> Response:
    """The page for a draft that ran out, was sent already, or never was."""
    return make_response(render_template("prospect/inquiry/gone.html", kept=tell_kept()), 410)


def keep(draft: OpenDraft) -> None:
    """Save the draft under a fresh form token: a page that shows older answers cannot send these."""
    draft.answers.form_token = make_token()
    _come_to(draft, find_furthest(draft.answers, has_list=draft.has_list))
    save_draft(db.session, draft)


def answer(draft: OpenDraft, step: Step) -> Response:
    """Save the answers of one page of questions, then ask the next, or find schools when all are answered."""
    answers = draft.answers
    if step not in answers.answered:
        answers.answered.append(step)
    draft.shown = None
    question = find_question(answers)
    if answers.adult and not question:
        return search_again(draft)
    keep(draft)
    return go_to(question) if question else redirect(url_for("inquiry.under_18"), 303)


def ask_again(draft: OpenDraft, step: Step) -> Response:
    """Save, and show a page of questions once more before any other."""
    draft.answers.answered = [each for each in draft.answers.answered if each != step]
    draft.shown = None
    keep(draft)
    return go_to(step)


def search_again(draft: OpenDraft) -> Response:
    """Find schools for her answers as they are now, and show the list."""
    draft.answers.form_token = make_token()
    _come_to(draft, Step.schools)
    search(db.session, draft)
    return go_to(Step.schools)


def _come_to(draft: OpenDraft, step: Step) -> None:
    """Count the steps that she reaches for the first time, without identity."""
    if list_new(draft.furthest, step):
        count_reached(db.session, draft.furthest, step, draft.started_at, now(db.session))
        draft.furthest = str(step)
