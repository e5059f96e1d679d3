"""The last page: everything once more, and the one button that sends it."""

from hmac import compare_digest

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from leadgen.clock import now
from leadgen.extensions import current_settings, db, limiter
from leadgen.intake.consent import hash_words
from leadgen.intake.draft import OpenDraft
from leadgen.intake.email_hint import suggest_email
from leadgen.intake.funnel import SENT, count_reached
from leadgen.intake.submit import Visit, find_sent, word_choice
from leadgen.journey.search import search
from leadgen.journey.submit import NothingToSendError, submit_inquiry
from leadgen.tokens import make_request_token
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.assets import list_sheets
from leadgen.web.language import find_spoken
from leadgen.web.opt_out import opts_out_of_sale
from leadgen.web.prospect import wishes
from leadgen.web.prospect.cards import count_schools
from leadgen.web.prospect.details import list_ticked
from leadgen.web.prospect.draft_cookie import find_my_draft, take_cookie
from leadgen.web.prospect.progress import Step, find_furthest
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft, show_gone
from leadgen.web.transaction import reading_first, writes
from leadgen.web.translate import gettext


@bp.get("/check")
@audience(Audience.everybody)
@needs_draft(Step.check)
def check(draft: OpenDraft) -> Page:
    """Her answers, with a way back to each, and the exact words she agrees to."""
    return _show(draft)


@bp.post("/check")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def send() -> Page:
    """Send, once per form token: whoever comes again with the same token sees the same confirmation."""
    token = request.form.get("form_token", "")
    try:
        return _send(token)
    except (IntegrityError, StaleDataError) as error:
        return _recover(token, error)


def _send(token: str) -> Page:
    with reading_first():
        draft = find_my_draft()
        if draft is None:
            return _find_confirmation(token) or show_gone()
        furthest = find_furthest(draft.answers, has_list=draft.has_list)
        is_current = compare_digest(draft.answers.form_token.encode(), token.encode())
        if furthest is not Step.check or not is_current:
            return _find_confirmation(token) or _ask_again(furthest)
        if request.form.get("words", _hash_agreed(draft)) != _hash_agreed(draft):
            # her page was opened before an upgrade: what is kept as agreed to has to be what she read
            return _ask_again(furthest)
        page = _show(draft)
    try:
        return _submit(draft, page)
    except NothingToSendError as error:
        return _list_again(draft, error.full)


def _ask_again(furthest: Step) -> Response:
    if furthest is Step.check:
        flash(gettext("This page changed after you opened it. Read it once more before you send."), "warn")
    return go_to(furthest)


def _submit(draft: OpenDraft, page: str) -> Response:
    visit = Visit(
        url_for("inquiry.check"),
        request.remote_addr or "",
        page,
        language=find_spoken(),
        title=wishes.say_program_in_english(draft.answers),
        sheets=list_sheets(),
        opted_out_of_sale=opts_out_of_sale(),
    )
    program = wishes.say_program(draft.answers)
    sent = submit_inquiry(db.session, open_vault(), current_settings(), draft, visit, program)
    # last, so that others who send wait for this count no longer than for the commit
    count_reached(db.session, draft.furthest, SENT, draft.started_at, now(db.session))
    try:
        db.session.commit()
    except OperationalError as error:
        return _recover(draft.answers.form_token, error)
    return _confirm(sent.reference)


def _recover(token: str, error: SQLAlchemyError) -> Response:
    """Another post of the same token was first, or ours was committed and the answer to that got lost."""
    db.session.rollback()
    confirmation = _find_confirmation(token)
    if confirmation is None:
        raise error
    return confirmation


def _list_again(draft: OpenDraft, full: list[str]) -> Response:
    draft.answers.full = [school.name for school in list_ticked(draft) if school.school_id in full]
    search(db.session, draft)
    keep(draft)
    return go_to(Step.schools)


def _find_confirmation(token: str) -> Response | None:
    reference = find_sent(db.session, token) if token else None
    return _confirm(reference) if reference else None


def _confirm(reference: str) -> Response:
    token = make_request_token(reference, current_settings().secret_key.get_secret_value())
    return take_cookie(redirect(url_for("inquiry.sent", token=token), 303))


def _show(draft: OpenDraft) -> str:
    answers = draft.answers
    program = wishes.say_program(answers)
    ticked = list_ticked(draft)
    return render_template(
        "prospect/inquiry/check.html",
        answers=answers,
        place=wishes.say_place(draft.shown) if draft.shown else "",
        further=wishes.say_further(draft.shown) if draft.shown else "",
        schools=ticked,
        words=[(school, word_choice(draft, program, school.school_id, find_spoken())) for school in ticked],
        words_hash=_hash_agreed(draft),
        count=count_schools(len(ticked)),
        suggested=suggest_email(answers.person.email),
        wishes=wishes,
    )


def _hash_agreed(draft: OpenDraft) -> str:
    """The hash of all the words that the page asks her to agree to."""
    program = wishes.say_program(draft.answers)
    return hash_words(
        "\n".join(word_choice(draft, program, school.school_id, find_spoken()) for school in list_ticked(draft))
    )
