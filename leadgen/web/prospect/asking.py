"""One more school that staff ask her about: its facts, why, the words of consent, and two buttons. Once."""

from decimal import Decimal
from hmac import compare_digest

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.extensions import current_settings, db, limiter
from leadgen.intake.answers import ShownMatch, ShownSchool
from leadgen.intake.asked import AskedVisit, word_asked
from leadgen.intake.consent import hash_words
from leadgen.intake.page import ShownPage
from leadgen.journey.ask import NoRoomError, has_room, say_no, say_yes
from leadgen.links import LinkEndedError, LinkError, find_link
from leadgen.models import Answer, Asking, Choice, Inquiry, Link, LinkPurpose, Match
from leadgen.review.askings import find_asking
from leadgen.tokens import make_request_token
from leadgen.vault import ErasedError, open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.assets import list_sheets
from leadgen.web.language import find_spoken
from leadgen.web.program_title import name_program
from leadgen.web.prospect.cards import make_card
from leadgen.web.prospect.under_way import LIMIT, Page
from leadgen.web.transaction import writes
from leadgen.web.translate import find_language, gettext, say_error

bp = Blueprint("asking", __name__, url_prefix="/asking")


@bp.get("/<token>")
@audience(Audience.everybody)
def show(token: str) -> Page:
    """The school and the words. Changes nothing: programs that look for viruses open links in mails."""
    try:
        return _show(token, *_find(token))
    except LinkError as error:
        return _say_over(error)


@bp.post("/<token>")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def answer(token: str) -> Page:
    """Her yes or no, by ``answer``. The second post of the same link is told that it was used."""
    try:
        link, asking = _find(token)
        if Answer.yes == request.form.get("answer"):
            return _take_yes(token, link, asking)
        if Answer.no != request.form.get("answer"):
            abort(400)
        say_no(db.session, asking, link)
    except (LinkError, ErasedError) as error:
        db.session.rollback()
        return _say_over(error)
    flash(gettext("You said no. That school gets nothing from us, and we do not ask about it again."), "ok")
    return _go_to_request(asking)


def _take_yes(token: str, link: Link, asking: Asking) -> Page:
    inquiry, choice = _read(asking)
    words = hash_words(_word(inquiry, choice))
    if not compare_digest(request.form.get("words", "").encode(), words.encode()):
        # what is kept as agreed to has to be what she read
        flash(gettext("This page changed after you opened it. Read it once more before you answer."), "warn")
        return redirect(url_for("asking.show", token=token), 303)
    try:
        title = name_program(inquiry.program, find_language())
        visit = AskedVisit(
            request.remote_addr or "", ShownPage(_show(token, link, asking), list_sheets()), find_spoken(), title
        )
        say_yes(db.session, open_vault(), asking, link, visit)
    except NoRoomError:
        return _show(token, link, asking)
    flash(gettext("You said yes. %(school)s gets your details now.", school=choice.school.name), "ok")
    return _go_to_request(asking)


def _find(token: str) -> tuple[Link, Asking]:
    link = find_link(db.session, LinkPurpose.asking, token)
    return link, find_asking(db.session, link.id)


def _read(asking: Asking) -> tuple[Inquiry, Choice]:
    return db.session.get_one(Inquiry, asking.inquiry_id), db.session.get_one(Choice, asking.choice_id)


def _show(token: str, link: Link, asking: Asking) -> str:
    inquiry, choice = _read(asking)
    words = _word(inquiry, choice)
    return render_template(
        "prospect/asking/show.html",
        token=token,
        inquiry=inquiry,
        asking=asking,
        until=link.expires_at,
        card=make_card(1, _lay_out(choice)),
        words=words,
        words_hash=hash_words(words),
        closed=not has_room(db.session, asking),
    )


def _word(inquiry: Inquiry, choice: Choice) -> str:
    title = name_program(inquiry.program, find_language())
    return word_asked(inquiry, choice.school.name, find_spoken(), title)


def _say_over(error: Exception) -> tuple[str, int]:
    return render_template("prospect/asking/over.html", words=_word_over(error)), 410


def _word_over(error: Exception) -> str:
    if isinstance(error, LinkEndedError):
        return gettext(
            "Your request was withdrawn, so this letter asks nothing any more. The school gets nothing from us."
        )
    return gettext("What we held about you was erased.") if isinstance(error, ErasedError) else say_error(error)


def _go_to_request(asking: Asking) -> Response:
    inquiry = db.session.get_one(Inquiry, asking.inquiry_id)
    token = make_request_token(inquiry.reference, current_settings().secret_key.get_secret_value())
    return redirect(url_for("request.show", token=token), 303)


def _lay_out(choice: Choice) -> ShownSchool:
    school, shown = choice.school, [_lay_out_match(match) for match in choice.matches]
    return ShownSchool(school.id, choice.rank, school.name, school.website, school.accreditor, shown)


def _lay_out_match(match: Match) -> ShownMatch:
    offering = match.offering
    return ShownMatch(
        offering_id=offering.id,
        rank=match.rank,
        campus=offering.campus.name,
        city=offering.campus.city,
        state=offering.campus.state,
        format=str(offering.format),
        distance_miles=match.distance_miles,
        credential=str(offering.credential),
        length_months=offering.length_months,
        clock_hours=offering.clock_hours,
        tuition_usd=_write_usd(offering.tuition_usd),
        fees_usd=_write_usd(offering.fees_usd),
        books_usd=_write_usd(offering.books_usd),
        exam_usd=_write_usd(offering.exam_usd),
        certifications=None if offering.certifications is None else list(offering.certifications),
        next_start=offering.next_start.isoformat() if offering.next_start else None,
        schedule=None if offering.schedule is None else list(offering.schedule),
        latitude=offering.latitude,
        longitude=offering.longitude,
        score=match.score,
        reasons=match.reasons,
        checks=match.checks,
    )


def _write_usd(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
