"""Find an inquiry by reference, exact e-mail or phone. By POST, so that no address has personal data in it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.review.search import find_inquiries
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp


@bp.post("/search")
@audience(Audience.staff)
def search() -> str | Response:
    """Go to the one inquiry that was meant, or list those found. Writes nothing."""
    found = find_inquiries(db.session, open_vault(), request.form.get("q", ""))
    if len(found) == 1:
        return redirect(url_for("desk.inquiry", reference=found[0].reference), 303)
    return render_template("desk/search.html", found=found, now=now(db.session))
