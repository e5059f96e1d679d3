"""The proof of the consent to a lead, for the lead's own school."""

from flask import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.journey.prove import prove_for_school
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.download import send_zip
from leadgen.web.portal.blueprint import bp, require_lead
from leadgen.web.transaction import writes


@bp.post("/leads/<reference>/proof")
@audience(Audience.school, Permission.reveal)
@writes
def prove(reference: str) -> Response:
    """The ZIP with the page as shown, the words, the hashes and the verifier; the history says who took it."""
    return send_zip(prove_for_school(db.session, open_vault(), require_lead(reference), name_actor()), reference)
