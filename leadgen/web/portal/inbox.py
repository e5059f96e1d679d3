"""The inbox: a school's leads, newest first."""

from flask import render_template

from leadgen.clock import now
from leadgen.dispositions.inbox import count_inbox, list_inbox
from leadgen.extensions import db
from leadgen.web.access import Audience, audience
from leadgen.web.pages import read_page
from leadgen.web.portal.blueprint import bp, require_school

PAGE_SIZE = 50


@bp.get("")
@audience(Audience.school)
def inbox() -> str:
    """A page of the school's leads."""
    school = require_school()
    page = read_page(count_inbox(db.session, school.id), PAGE_SIZE)
    lines = list_inbox(db.session, school.id, limit=page.size, offset=page.offset)
    return render_template("portal/inbox.html", school=school, page=page, lines=lines, now=now(db.session))
