"""The first page: a ZIP code and a program start a draft. Guides post here without a cookie."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for

from leadgen.extensions import csrf, current_settings, db, limiter
from leadgen.geo.zips import ZipError
from leadgen.guides.loader import find_program, list_programs
from leadgen.guides.program import Certification, Program
from leadgen.intake.answers import Answers
from leadgen.intake.draft import start_draft
from leadgen.intake.funnel import count_reached
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.opt_out import opts_out_of_sale
from leadgen.web.origin import refuse_foreign_post
from leadgen.web.prospect.draft_cookie import give_cookie
from leadgen.web.prospect.meant import find_meant, list_meanings
from leadgen.web.prospect.under_way import LIMIT, Page, bp
from leadgen.web.transaction import writes
from leadgen.web.translate import find_language, gettext, say_error


@bp.get("/start")
@audience(Audience.everybody)
def ask_start() -> Page:
    """The ZIP box alone, for who comes without one. `?program=` picks the program."""
    program = find_program(request.args.get("program", ""), find_language())
    return _show(program, _find_certification(program, request.args.get("certification", "")))


@bp.post("/start")
@audience(Audience.everybody)
@csrf.exempt  # type: ignore[untyped-decorator]
@limiter.limit(LIMIT)
@writes
def start() -> Page:
    """Make a draft, give its cookie, and go to the first question."""
    refuse_foreign_post(request, current_settings().base_url)
    program = find_program(request.form.get("program", ""), find_language())
    certification = _find_certification(program, request.form.get("certification", ""))
    typed = request.form.get("zip", "")
    if program is None:
        return _show(None, None, typed, gettext("Choose a program from the list")), 422
    try:
        place = find_meant(typed, request.form.get("which", ""))
    except ZipError as error:
        return _show(program, certification, typed, say_error(error), list_meanings(error)), 422
    wanted = [certification.code] if certification else []
    answers = Answers(program=program.slug, zip=place.zip, certifications=wanted, opted_out_of_sale=opts_out_of_sale())
    token, draft = start_draft(db.session, open_vault(), answers)
    count_reached(db.session, "", draft.furthest, draft.started_at, draft.started_at)
    return give_cookie(redirect(url_for("inquiry.goals"), 303), token)


def _find_certification(program: Program | None, code: str) -> Certification | None:
    return program.find_certification(code) if program and code else None


def _show(
    program: Program | None,
    certification: Certification | None,
    typed: str = "",
    error: str = "",
    meanings: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "prospect/inquiry/start.html",
        program=program,
        programs=list_programs(find_language()),
        certification=certification,
        typed=typed[:80],
        error=error,
        meanings=meanings or {},
    )
