"""The way to her own data: a link comes to her e-mail, and its button opens the door for half an hour."""

from collections.abc import Callable
from functools import wraps

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.config import Mode
from leadgen.extensions import current_settings, db, limiter
from leadgen.journey.own_data import ask_for_link, enter, find_own_link
from leadgen.links import LinkError
from leadgen.models import Inquiry
from leadgen.privacy.entry import LIFE, end_entry, find_entry
from leadgen.web.access import Audience, audience
from leadgen.web.language import LANGUAGES, write_path_in
from leadgen.web.prospect.request_page import bp
from leadgen.web.prospect.sent import find_inquiry
from leadgen.web.prospect.under_way import LIMIT, Page
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error

COOKIE = "leadgen_entry"
LINKS = "6 per hour"


@bp.post("/<token>/link")
@audience(Audience.everybody)
@limiter.limit(LINKS)
@writes
def ask(token: str) -> Response:
    """Send a link to the e-mail of this inquiry. The answer is the same whether one was sent or not."""
    inquiry = find_inquiry(token)
    ask_for_link(db.session, current_settings().secret_key.get_secret_value(), inquiry)
    flash(gettext("We send a link to the email address that you gave. It opens once, within 15 minutes."), "ok")
    return redirect(url_for("request.show", token=token), 303)


@bp.get("/<token>/open/<link>")
@audience(Audience.everybody)
def show_door(token: str, link: str) -> Page:
    """One button. Changes nothing: programs that look for viruses open links in mails."""
    try:
        find_own_link(db.session, find_inquiry(token), link)
    except LinkError as error:
        return _say_over(token, error)
    return render_template("prospect/request/open.html", token=token, link=link)


@bp.post("/<token>/open/<link>")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def open_door(token: str, link: str) -> Page:
    """Use the link up, and let this browser see the data of this inquiry for half an hour."""
    try:
        entry = enter(db.session, find_inquiry(token), link)
    except LinkError as error:
        db.session.rollback()
        return _say_over(token, error)
    response = redirect(url_for("request.own", token=token), 303)
    secure = current_settings().mode is Mode.production
    for path in _list_paths(token):
        seconds = int(LIFE.total_seconds())
        response.set_cookie(COOKIE, entry, path=path, max_age=seconds, httponly=True, samesite="Lax", secure=secure)
    return response


@bp.post("/<token>/leave")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def leave(token: str) -> Response:
    """Close the door behind her, whether it was open or not."""
    if entry := find_entry(db.session, find_inquiry(token).id, request.cookies.get(COOKIE)):
        end_entry(db.session, entry)
    return take_cookie(redirect(url_for("request.show", token=token), 303), token)


def needs_entry(view: Callable[[str, Inquiry], Page]) -> Callable[[str], Page]:
    """Hand the view the inquiry whose door is open; without one lead to the page where she asks for a link."""

    @wraps(view)
    def with_entry(token: str) -> Page:
        inquiry = find_inquiry(token)
        if find_entry(db.session, inquiry.id, request.cookies.get(COOKIE)) is None:
            flash(gettext("For this you need a link that we send to your email. It lasts for half an hour."), "warn")
            return redirect(url_for("request.show", token=token, _anchor="own"), 303)
        return view(token, inquiry)

    return with_entry


def take_cookie(response: Response, token: str) -> Response:
    """Let this browser forget its entry."""
    for path in _list_paths(token):
        response.delete_cookie(COOKIE, path=path, httponly=True, samesite="Lax")
    return response


def _list_paths(token: str) -> list[str]:
    """The door is open in every language: she may change it behind the door."""
    return [write_path_in(language, f"/request/{token}") for language in LANGUAGES]


def _say_over(token: str, error: Exception) -> tuple[str, int]:
    return render_template("prospect/request/link_over.html", token=token, words=say_error(error)), 410
