"""The confirmation: what was sent, and where she sees how it stands. It holds no personal data."""

from flask import abort, redirect, render_template, url_for
from sqlalchemy import select

from leadgen.extensions import current_settings, db
from leadgen.history import read_history
from leadgen.models import Inquiry, School, Subject
from leadgen.tokens import read_request_token
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.under_way import Page, bp


@bp.get("/sent/<token>")
@audience(Audience.everybody)
def sent(token: str) -> Page:
    """Thanks, the reference, the schools, and what happens next. The same page however often she comes."""
    inquiry = find_inquiry(token)
    if inquiry.contact.erased_at:
        return redirect(url_for("request.show", token=token), 303)
    full = read_history(db.session, Subject.inquiry, inquiry.id)[0].data["full"]
    return render_template(
        "prospect/inquiry/sent.html",
        inquiry=inquiry,
        token=token,
        schools=name_schools([consent.school_id for consent in inquiry.consents]),
        full=name_schools(full),
    )


def find_inquiry(token: str) -> Inquiry:
    """The inquiry of a request token. Answers 404 where the token is not one of ours."""
    reference = read_request_token(token, current_settings().secret_key.get_secret_value())
    inquiry = db.session.scalar(select(Inquiry).where(Inquiry.reference == reference)) if reference else None
    if inquiry is None:
        abort(404)
    return inquiry


def name_schools(ids: list[str]) -> list[str]:
    """The names of schools, in the order of their ids as given."""
    names = {school.id: school.name for school in db.session.scalars(select(School).where(School.id.in_(ids)))}
    return [names[each] for each in ids if each in names]
