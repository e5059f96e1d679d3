"""What she gave, once the door is open: see it, download it, complain of calls, and have it erased."""

import json

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen import history
from leadgen.extensions import current_settings, db, limiter
from leadgen.intake.change import read_person
from leadgen.journey.erase import BY_HERSELF, erase_inquiry
from leadgen.journey.own_data import PROSPECT, complain
from leadgen.models import Channel, Complaint, Consent, Inquiry, Subject
from leadgen.privacy.erase import ErasedAlreadyError
from leadgen.privacy.export import export_inquiry
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.details_form import BEST_WAYS, CHANNELS, CONTACT_TIMES
from leadgen.web.prospect.kept import tell_kept
from leadgen.web.prospect.own_door import needs_entry, take_cookie
from leadgen.web.prospect.own_file import write_file
from leadgen.web.prospect.request_page import bp
from leadgen.web.prospect.sent import name_schools
from leadgen.web.prospect.under_way import LIMIT, Page
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext

LANGUAGES: dict[str, str] = {"en": lazy_gettext("English"), "es": lazy_gettext("Spanish")}
JSON, HTML = "json", "html"


@bp.get("/<token>/yours")
@audience(Audience.everybody)
@needs_entry
def own(token: str, inquiry: Inquiry) -> Page:
    """Her details, the schools with the ways they may use, and what she can do."""
    complaints = db.session.query(Complaint.school_id).filter(Complaint.inquiry_id == inquiry.id)
    return render_template(
        "prospect/request/own.html",
        token=token,
        inquiry=inquiry,
        person=read_person(db.session, open_vault(), inquiry),
        times=CONTACT_TIMES,
        best_ways=BEST_WAYS,
        language_names=LANGUAGES,
        names={choice.school_id: choice.school.name for choice in inquiry.choices},
        complaints={row.school_id for row in complaints},
        channels=CHANNELS,
        more_ways={consent.school_id: _list_more_ways(consent) for consent in inquiry.consents},
    )


@bp.post("/<token>/yours/calls")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_entry
def too_many_calls(token: str, inquiry: Inquiry) -> Page:
    """Write down that ``school`` contacts her too often. Twice is once."""
    if complain(db.session, inquiry, request.form.get("school", "")):
        flash(gettext("We wrote it down. The school and our staff see it."), "ok")
    return redirect(url_for("request.own", token=token), 303)


@bp.post("/<token>/yours/download")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_entry
def download(_token: str, inquiry: Inquiry) -> Page:
    """All that is held about her, as a page to read or as JSON, by ``form``."""
    form = request.form.get("form", "")
    if form not in (JSON, HTML):
        abort(400)
    told = export_inquiry(db.session, open_vault(), inquiry)
    history.append(db.session, Subject.inquiry, inquiry.id, history.Line("data.downloaded", PROSPECT, {"as": form}))
    text = json.dumps(told, indent=2, ensure_ascii=False) if form == JSON else _write_page(inquiry, told)
    response = make_response(text)
    response.mimetype = "application/json" if form == JSON else "text/html"
    name = f"{inquiry.reference}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<token>/yours/erase")
@audience(Audience.everybody)
@needs_entry
def ask_erase(token: str, inquiry: Inquiry) -> Page:
    """What goes and what stays, before she decides."""
    schools = name_schools([lead.school_id for lead in inquiry.leads])
    return render_template(
        "prospect/request/erase.html", token=token, inquiry=inquiry, schools=schools, kept=tell_kept()
    )


@bp.post("/<token>/yours/erase")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_entry
def erase(token: str, inquiry: Inquiry) -> Page:
    """Erase it. Her page then says when, and nothing else."""
    try:
        erase_inquiry(db.session, open_vault(), current_settings(), inquiry, PROSPECT, BY_HERSELF)
    except ErasedAlreadyError:
        db.session.rollback()
    response: Response = redirect(url_for("request.show", token=token), 303)
    return take_cookie(response, token)


def _list_more_ways(consent: Consent) -> list[Channel]:
    """The ways that she has not agreed to."""
    agreed = {row.channel for row in consent.channels}
    return [channel for channel in Channel if channel not in agreed]


def _write_page(inquiry: Inquiry, told: dict[str, object]) -> str:
    schools = {choice.school_id: choice.school.name for choice in inquiry.choices}
    return render_template("prospect/request/data.html", inquiry=inquiry, told=write_file(told, schools))
