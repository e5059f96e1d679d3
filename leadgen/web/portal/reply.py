"""The pages behind the buttons in the letter that brings a lead. Opening one changes nothing, since programs that look
for viruses open links in mails; its button does. Nobody signs in: the token in the address is the proof.

A page says which lead and which program, and nothing about the person."""

from datetime import timedelta

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.clock import now
from leadgen.dispositions.progress import MEANS, Word, find_progress_obstacle
from leadgen.dispositions.reply import BUTTONS, RETURN, Reply, find_reply
from leadgen.dispositions.report import DispositionError, ReturnReason, find_return_obstacle
from leadgen.extensions import csrf, current_settings, db, limiter
from leadgen.journey.reply import report_by_letter, return_by_letter
from leadgen.links import LinkError
from leadgen.models import Disposition, DispositionReport
from leadgen.vault import ErasedError, open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.portal.words import PROGRESS_WORDS, RETURN_WORDS
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error

LIMIT = "60 per minute"
GONE, CONFLICT = 410, 409
Page = str | Response | tuple[str, int]

bp = Blueprint("reply", __name__, url_prefix="/reply")
ADDRESS = f"/<token>/<any({','.join((*BUTTONS, RETURN))}):word>"


@bp.before_request
def _keep_address_to_ourselves() -> None:
    # with no header that names the page, the check of forms by it would fail; the token is a better one
    g.no_referrer = True


@bp.get(ADDRESS)
@audience(Audience.everybody)
@limiter.limit(LIMIT)
def show(token: str, word: str) -> Page:
    """What the button says, once more as a question; or that the school has said so, and when."""
    try:
        return _show(token, word, _find(token))
    except LinkError as error:
        return _say_over(error)


@bp.post(ADDRESS)
@csrf.exempt  # type: ignore[untyped-decorator]
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def answer(token: str, word: str) -> Page:
    """Write the school's word down, as the portal does. The second of two posts is shown what the first one said."""
    try:
        reply = _find(token)
        _write_down(reply, word)
    except (LinkError, ErasedError) as error:
        db.session.rollback()
        return _say_over(error)
    except DispositionError as error:
        db.session.rollback()
        return _show(token, word, _find(token), say_error(error)), CONFLICT
    return redirect(url_for("reply.show", token=token, word=word), 303)


def _write_down(reply: Reply, word: str) -> None:
    if word != RETURN:
        report_by_letter(db.session, reply, Word(word))
        return
    reason, note = request.form.get("reason", ""), request.form.get("note", "").strip() or None
    if reason not in list(ReturnReason):
        raise DispositionError(gettext("Choose a reason for the return. Nothing was changed."))
    return_by_letter(db.session, open_vault(), reply, ReturnReason(reason), note)


def _find(token: str) -> Reply:
    settings = current_settings()
    life = timedelta(days=settings.letter_button_days)
    return find_reply(db.session, settings.secret_key.get_secret_value(), token, life, now(db.session))


def _show(token: str, word: str, reply: Reply, wrong: str = "") -> str:
    said = _find_said(reply, word)
    return render_template(
        "portal/reply.html",
        token=token,
        word=word,
        reply=reply,
        said=said,
        obstacle=None if said else _find_obstacle(reply, word),
        wrong=wrong,
        words=PROGRESS_WORDS,
        others=[each for each in (*BUTTONS, RETURN) if each != word and not _find_obstacle(reply, each)],
        reasons=RETURN_WORDS,
    )


def _find_said(reply: Reply, word: str) -> DispositionReport | None:
    """The school's last word, where it is this one."""
    last = reply.said[-1] if reply.said else None
    meant = Disposition.returned if word == RETURN else MEANS[Word(word)]
    return last if last is not None and last.disposition is meant else None


def _find_obstacle(reply: Reply, word: str) -> str | None:
    if word == RETURN:
        return find_return_obstacle(db.session, reply.lead, now(db.session))
    return find_progress_obstacle(reply.lead, Word(word))


def _say_over(error: Exception) -> tuple[str, int]:
    words = gettext("The personal data was erased. Please stop all contact.")
    return render_template(
        "portal/reply_over.html", words=words if isinstance(error, ErasedError) else say_error(error)
    ), GONE
