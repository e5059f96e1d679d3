"""Pages with one form for somebody who is not signed in: as asked, refused, or to be tried again later."""

from datetime import timedelta
from typing import Any

from flask import make_response, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from leadgen.web.account.tries import write_wait
from leadgen.web.next_page import read_next
from leadgen.web.translate import gettext


def show_form(
    template: str, form: FlaskForm, *, refused: str = "", wait: timedelta | None = None, **words: Any
) -> Response:
    """The page, with the reason why the last try was not taken. ``wait`` is how long the next one has to wait."""
    problem = (
        gettext("There were too many tries. Wait %(wait)s, then try again.", wait=write_wait(wait)) if wait else refused
    )
    page = render_template(template, form=form, problem=problem, next=read_next(), **words)
    response = make_response(page, 429 if wait else 200)
    if wait:
        response.headers["Retry-After"] = str(round(wait.total_seconds()) + 1)
    return response
