"""She lets a school reach her in one more way: the words on a page of their own, with a box that she ticks herself."""

from hmac import compare_digest

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, TelField
from wtforms.validators import DataRequired, ValidationError

from leadgen.extensions import db, limiter
from leadgen.intake.asked import AskedVisit
from leadgen.intake.change import PHONE_CHANNELS, read_person
from leadgen.intake.consent import hash_words
from leadgen.intake.page import ShownPage
from leadgen.intake.widen import word_wider
from leadgen.journey.widen import WidenError, WordsChangedError, widen_consent
from leadgen.models import Channel, Consent, Inquiry, School
from leadgen.suppression import SuppressedError
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.assets import list_sheets
from leadgen.web.language import find_spoken
from leadgen.web.program_title import name_program
from leadgen.web.prospect.details_form import NO_PHONE, read_phone, tidy
from leadgen.web.prospect.forms import Questions
from leadgen.web.prospect.own_door import needs_entry
from leadgen.web.prospect.request_page import bp
from leadgen.web.prospect.sent import name_schools
from leadgen.web.prospect.under_way import LIMIT, Page
from leadgen.web.transaction import writes
from leadgen.web.translate import find_language, gettext, lazy_gettext, say_error


class WaysForm(Questions):
    """One box, and her number where none is known and this way needs one."""

    phone = TelField(lazy_gettext("Phone number"), filters=[tidy])
    agreed = BooleanField(
        lazy_gettext("I agree to this"),
        [DataRequired(lazy_gettext("Tick the box if you agree, or leave this page and nothing changes"))],
    )

    def __init__(self, *, asks_phone: bool) -> None:
        super().__init__()
        if not asks_phone:
            del self.phone

    def validate_phone(self, field: Field) -> None:
        if not field.data or read_phone(field.data) is None:
            raise ValidationError(NO_PHONE)

    def read_phone(self) -> str:
        """E.164; empty where it was not asked for."""
        return (read_phone(self.phone.data) or "") if self.phone else ""


@bp.get("/<token>/yours/ways")
@audience(Audience.everybody)
@needs_entry
def ways(token: str, inquiry: Inquiry) -> Page:
    """The words for ``school`` and ``way``, by the address. Nothing is ticked."""
    try:
        return _show(token, inquiry, *_find(inquiry))
    except WidenError as error:
        return _say_no(token, error)


@bp.post("/<token>/yours/ways")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_entry
def add_way(token: str, inquiry: Inquiry) -> Page:
    """Write her new consent, and tell the school."""
    try:
        consent, school, way, form = _find(inquiry)
        words = hash_words(_word(inquiry, consent, school, way))
        if not compare_digest(request.form.get("words", "").encode(), words.encode()):
            raise WordsChangedError
        if not form.validate():
            return _show(token, inquiry, consent, school, way, form), 422
        page = _draw(token, inquiry, consent, school, way, asks_phone=bool(form.phone))
        title = name_program(inquiry.program, find_language())
        visit = AskedVisit(request.remote_addr or "", page, find_spoken(), title)
        told = widen_consent(
            db.session, open_vault(), inquiry, (consent.school_id, way), form.read_phone(), visit, agreed=words
        )
    except (WidenError, SuppressedError) as error:
        db.session.rollback()
        return _say_no(token, error)
    except WordsChangedError:
        db.session.rollback()
        return _ask_again(token)
    flash(gettext("Saved. We pass it on to %(schools)s.", schools=", ".join(name_schools(told))), "ok")
    return redirect(url_for("request.own", token=token), 303)


def _find(inquiry: Inquiry) -> tuple[Consent, str, Channel, WaysForm]:
    """What she is asked, by the address. Raises WidenError where there is nothing to agree to."""
    school_id, word = request.args.get("school", ""), request.args.get("way", "")
    consent = next((each for each in inquiry.consents if each.school_id == school_id), None)
    if consent is None or word not in list(Channel):
        abort(404)
    way = Channel(word)
    if consent.withdrawn_at is not None:
        raise WidenError(gettext("You have withdrawn from this school. Nothing was changed."))
    if way in {row.channel for row in consent.channels}:
        raise WidenError(gettext("You have agreed to this already. Nothing was changed."))
    phone = read_person(db.session, open_vault(), inquiry)["phone"]
    form = WaysForm(asks_phone=way in PHONE_CHANNELS and not phone)
    return consent, db.session.get_one(School, school_id).name, way, form


def _word(inquiry: Inquiry, consent: Consent, school: str, way: Channel) -> str:
    title = name_program(inquiry.program, find_language())
    return word_wider(inquiry, consent, (school, way), find_spoken(), title)


def _show(token: str, inquiry: Inquiry, consent: Consent, school: str, way: Channel, form: WaysForm) -> str:
    words = _word(inquiry, consent, school, way)
    return render_template(
        "prospect/request/ways.html",
        token=token,
        inquiry=inquiry,
        school_id=consent.school_id,
        school=school,
        way=way,
        form=form,
        words=words,
        words_hash=hash_words(words),
    )


def _draw(token: str, inquiry: Inquiry, consent: Consent, school: str, way: Channel, *, asks_phone: bool) -> ShownPage:
    """The page as she saw it, with an empty box and no number."""
    form = WaysForm(asks_phone=asks_phone)
    form.agreed.data = False
    if form.phone:
        form.phone.data = ""
    return ShownPage(_show(token, inquiry, consent, school, way, form), list_sheets())


def _ask_again(token: str) -> Response:
    """What is kept as agreed to has to be what she read."""
    flash(gettext("This page changed after you opened it. Read it once more before you answer."), "warn")
    return redirect(url_for("request.ways", token=token, school=request.args["school"], way=request.args["way"]), 303)


def _say_no(token: str, error: WidenError | SuppressedError) -> Response:
    flash(say_error(error), "warn")
    return redirect(url_for("request.own", token=token), 303)
