"""The page of one inquiry, and the same page with her contact details shown once."""

import json
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.show_parcel import show_parcel
from leadgen.extensions import db
from leadgen.models import Delivery, Inquiry, Lead
from leadgen.review.claims import find_holders
from leadgen.review.dossier import read_dossier
from leadgen.review.reasons import (
    DECLINE_REASONS,
    ERASE_REASONS,
    HOLD_REASONS,
    LINK_REASONS,
    PROOF_REASONS,
    RELEASE_REASONS,
    TOLD_REASONS,
    UNLINK_REASONS,
    WITHDRAW_REASONS,
)
from leadgen.review.reveal import Revealed, reveal
from leadgen.vault import ErasedError, open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.claimed import claim_inquiry
from leadgen.web.desk.picture import draw_inquiry
from leadgen.web.desk.suppress import is_never_contacted
from leadgen.web.desk.words import REDELIVER_REASONS, RESEND_REASONS, SETTLE_REASONS
from leadgen.web.desk.worklist_words import JUDGMENT_REASONS, PUT_BACK_REASONS, REOPEN_REASONS
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@bp.get("/inquiries/<reference>")
@audience(Audience.staff)
def inquiry(reference: str) -> str:
    """Everything about one inquiry, her personal data left sealed."""
    return _show(require_inquiry(reference), None)


@bp.post("/inquiries/<reference>/reveal")
@audience(Audience.staff, Permission.reveal)
@writes
def show_contact(reference: str) -> str | Response:
    """The same page with what is sealed, for this one response; the history says who looked."""
    found = require_inquiry(reference)
    try:
        revealed = reveal(db.session, open_vault(), read_dossier(db.session, found), name_actor())
    except ErasedError:
        flash(gettext("The personal data was erased. There is nothing to show."), "warning")
        return redirect(url_for("desk.inquiry", reference=reference), 303)
    return _show(found, revealed)


@bp.post("/deliveries/<int:delivery_id>/parcel")
@audience(Audience.staff, Permission.reveal)
@writes
def parcel(delivery_id: int) -> str | Response:
    """What the school got or gets, rebuilt for this one response; the history says who looked."""
    delivery = db.session.get(Delivery, delivery_id) or abort(404)
    try:
        shown = show_parcel(db.session, open_vault(), delivery, name_actor())
    except ErasedError:
        flash(gettext("The personal data was erased, so the parcel cannot be built. Nothing was changed."), "warning")
        lead = db.session.get_one(Lead, delivery.lead_id)
        return redirect(url_for("desk.inquiry", reference=db.session.get_one(Inquiry, lead.inquiry_id).reference), 303)
    return render_template("desk/parcel.html", shown=shown, body=_lay_out(shown.parcel))


def _lay_out(parcel: Parcel) -> str:
    """A parcel as text for reading: JSON with its lines broken, form fields one to a line."""
    if parcel.fields:
        return "\n".join(f"{name} = {value}" for name, value in parcel.fields)
    text = parcel.body.decode()
    if parcel.content_type == FORM:
        return "\n".join(f"{name} = {value}" for name, value in parse_qsl(text, keep_blank_values=True))
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) if parcel.content_type == JSON else text


def _show(found: Inquiry, revealed: Revealed | None) -> str:
    names = {choice.school_id: choice.school.name for choice in found.choices}
    return render_template(
        "desk/inquiry/page.html",
        school_names=names,
        dossier=read_dossier(db.session, found),
        inquiry=found,
        picture=draw_inquiry(found),
        revealed=revealed,
        now=now(db.session),
        settle_reasons=SETTLE_REASONS,
        redeliver_reasons=REDELIVER_REASONS,
        resend_reasons=RESEND_REASONS,
        put_back_reasons=PUT_BACK_REASONS,
        judgment_reasons=JUDGMENT_REASONS,
        reopen_reasons=REOPEN_REASONS,
        claim=claim_inquiry(found),
        holder=find_holders(db.session, {claim_inquiry(found)}).get(claim_inquiry(found)),
        release_reasons=RELEASE_REASONS,
        hold_reasons=HOLD_REASONS,
        decline_reasons=DECLINE_REASONS,
        withdraw_reasons=WITHDRAW_REASONS,
        proof_reasons=PROOF_REASONS,
        told_reasons=TOLD_REASONS,
        erase_reasons=ERASE_REASONS,
        never_contact=is_never_contacted(found),
        link_reasons=LINK_REASONS,
        unlink_reasons=UNLINK_REASONS,
    )
