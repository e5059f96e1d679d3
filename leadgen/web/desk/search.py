"""Find inquiries: by what identifies a person only by POST, so that no address has personal data in it; by school,
program, state and date in the address, so that a list can be kept and passed on."""

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.guides.loader import list_programs
from leadgen.review.inquiries import (
    MOST_COUNTED,
    InquiryLine,
    Sought,
    count_inquiries,
    find_standings,
    list_inquiries,
)
from leadgen.review.search import find_inquiries
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.pages import Page, read_page

PAGE_SIZE = 50
TEXT_CHARACTERS = 120


@bp.get("/inquiries")
@audience(Audience.staff)
def inquiries() -> str:
    """All inquiries, newest first, narrowed by ``school``, ``program``, ``state``, ``since`` and ``until``."""
    sought = _read_sought()
    page = read_page(count_inquiries(db.session, sought), PAGE_SIZE)
    rows = list_inquiries(db.session, sought, limit=page.size, offset=page.offset)
    return _show(rows, sought, page)


@bp.post("/search")
@audience(Audience.staff)
def search() -> str | Response:
    """Go to the one inquiry that was meant, or list those found. Writes nothing."""
    found = find_inquiries(db.session, open_vault(), request.form.get("q", ""))
    if len(found) == 1:
        return redirect(url_for("desk.inquiry", reference=found[0].reference), 303)
    schools = find_standings(db.session, [each.id for each in found])
    rows = [
        InquiryLine(
            each.reference, each.received_at, each.program, f"{each.city}, {each.state}", schools.get(each.id, ())
        )
        for each in found
    ]
    return _show(rows, Sought(), None)


def _show(rows: list[InquiryLine], sought: Sought, page: Page | None) -> str:
    return render_template(
        "desk/search.html",
        rows=rows,
        sought=sought,
        arguments=_write_arguments(sought),
        page=page,
        most=MOST_COUNTED,
        programs=list_programs(),
        now=now(db.session),
    )


def _read_sought() -> Sought:
    return Sought(
        school=_read_text("school"),
        program=_read_text("program"),
        state=_read_text("state").upper()[:2],
        since=_read_day("since"),
        until=_read_day("until"),
    )


def _write_arguments(sought: Sought) -> dict[str, str]:
    return {name: str(value) for name, value in vars(sought).items() if value}


def _read_text(name: str) -> str:
    return request.args.get(name, "").strip()[:TEXT_CHARACTERS]


def _read_day(name: str) -> date | None:
    """A day as browsers send it, 2027-03-04; None for anything else."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
