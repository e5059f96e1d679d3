"""The proof of a consent, for staff who say why they take it."""

from flask import Response, abort, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.journey.prove import prove_for_staff
from leadgen.models import Inquiry, Lead
from leadgen.review.reasons import PROOF_REASONS
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.outcome import pick_reason, telling
from leadgen.web.download import send_zip
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


@bp.post("/leads/<reference>/proof")
@audience(Audience.staff, Permission.reveal)
@writes
def prove(reference: str) -> Response | AnyResponse:
    """The ZIP with the page as shown, the words, the hashes and the verifier; the history says who took it."""
    lead = db.session.scalars(select(Lead).where(Lead.reference == reference)).one_or_none() or abort(404)
    inquiry = db.session.get_one(Inquiry, lead.inquiry_id).reference
    with telling(gettext("The proof was written.")):
        reason = pick_reason(PROOF_REASONS)
        return send_zip(prove_for_staff(db.session, open_vault(), lead, name_actor(), reason), reference)
    return redirect(url_for("desk.inquiry", reference=inquiry), 303)
