"""The worklist: bins in the rail, one bin in the middle, narrowed and sorted by what the address says."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import jsonify, render_template, request
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.guides.faults import find_overdue
from leadgen.guides.loader import list_programs
from leadgen.journey.bulk.kinds import ACTS, JobKind, find_permission
from leadgen.review.facets import read_facets
from leadgen.review.reasons import OTHER, TOLD_REASONS
from leadgen.review.views import list_views
from leadgen.review.wanted import Bin, Wanted
from leadgen.review.worklist import count_bins, count_lines, list_lines
from leadgen.web.access import Audience, audience, may
from leadgen.web.desk.asked import find_address, read_wanted, write_arguments, write_query
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.bulk_words import VERBS
from leadgen.web.desk.words import BIN_WORDS
from leadgen.web.desk.worklist_words import AGE_WORDS, JUDGMENT_REASONS, SET_ASIDE_REASONS, SHORT_REASONS, SORTS
from leadgen.web.pages import read_page

PAGE_SIZE = 50
# by act: the key that stands for it, beside `a` for the first of each bin
KEYS = {JobKind.hold: "h", JobKind.decline: "r"}
WORDS = {
    "bins": BIN_WORDS,
    "ages": AGE_WORDS,
    "sorts": SORTS,
    "judgment_reasons": JUDGMENT_REASONS,
    "short_reasons": SHORT_REASONS,
    "told_reasons": {code: words for code, words in TOLD_REASONS.items() if code != OTHER},
    "set_aside_reasons": SET_ASIDE_REASONS,
}


@bp.get("")
@audience(Audience.staff)
def worklist() -> str:
    """One bin, named by ``?bin=`` (held for review when none is)."""
    wanted = read_wanted(request.args)
    at = now(db.session)
    in_bins = count_bins(db.session, at)
    whose = _count_whose(wanted, in_bins[wanted.bin], at)
    page = read_page(whose[wanted.holder], PAGE_SIZE)
    return render_template(
        "desk/worklist.html",
        wanted=wanted,
        arguments=write_arguments(wanted),
        query=write_query(wanted),
        find_address=partial(find_address, wanted),
        counts=in_bins,
        all_count=whose[None],
        mine_count=whose[current_user.id],
        page=page,
        items=list_lines(db.session, wanted, limit=page.size, offset=page.offset, at=at),
        facets=read_facets(db.session, wanted, at),
        views=list_views(db.session, current_user.id),
        acts=_list_acts(wanted.bin),
        overdue_guides=find_overdue(list_programs(), at.date()),
        now=at,
        **WORDS,
    )


@bp.get("/counts")
@audience(Audience.staff)
def counts() -> Response:
    """How many lines each bin holds, for a page that keeps its counts fresh."""
    return jsonify({str(each): count for each, count in count_bins(db.session).items()})


def _count_whose(wanted: Wanted, in_bin: int, at: datetime) -> dict[int | None, int]:
    """How many lines are wanted, of everybody's and of the user's own."""
    everybodys, own = replace(wanted, holder=None), replace(wanted, holder=current_user.id)
    total = in_bin if everybodys.is_whole else count_lines(db.session, everybodys, at)
    return {None: total, current_user.id: count_lines(db.session, own, at)}


def _list_acts(which: Bin) -> list[tuple[JobKind, str, str]]:
    """What the user may do to many lines of a bin: the act, its words, and its key."""
    acts = [(kind, KEYS.get(kind, "" if number else "a")) for number, kind in enumerate(ACTS[which])]
    return [(kind, VERBS[kind][0], key) for kind, key in acts if may(find_permission(kind))]
