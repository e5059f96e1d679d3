"""The worklist: bins in the rail, one bin in the middle, narrowed and sorted by what the address says."""

from dataclasses import replace
from functools import partial

from flask import render_template, request
from flask_security import current_user

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.review.facets import read_facets
from leadgen.review.worklist import count_bins, count_lines, list_lines
from leadgen.web.access import Audience, audience
from leadgen.web.desk.asked import find_address, read_wanted, write_arguments, write_query
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.words import BIN_WORDS, word_reason
from leadgen.web.desk.worklist_words import AGE_WORDS, JUDGMENT_REASONS, SET_ASIDE_REASONS, SORTS
from leadgen.web.pages import read_page

PAGE_SIZE = 50


@bp.get("")
@audience(Audience.staff)
def worklist() -> str:
    """One bin, named by ``?bin=`` (held for review when none is)."""
    wanted = read_wanted(request.args)
    facets = read_facets(db.session, wanted)
    counts, everybodys = count_bins(db.session), replace(wanted, holder=None)
    whose: dict[int | None, int] = {
        None: counts[wanted.bin] if everybodys.is_whole else count_lines(db.session, everybodys)
    }
    whose[current_user.id] = count_lines(db.session, replace(wanted, holder=current_user.id))
    page = read_page(whose[wanted.holder], PAGE_SIZE)
    return render_template(
        "desk/worklist.html",
        wanted=wanted,
        arguments=write_arguments(wanted),
        query=write_query(wanted),
        find_address=partial(find_address, wanted),
        bins=BIN_WORDS,
        counts=counts,
        facets=facets,
        reason_options=[(code, f"{word_reason(code)} ({count})") for code, count in facets.reasons],
        page=page,
        all_count=whose[None],
        mine_count=whose[current_user.id],
        items=list_lines(db.session, wanted, limit=page.size, offset=page.offset),
        now=now(db.session),
        ages=AGE_WORDS,
        sorts=SORTS,
        judgment_reasons=JUDGMENT_REASONS,
        set_aside_reasons=SET_ASIDE_REASONS,
    )
