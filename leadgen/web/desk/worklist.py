"""The worklist: bins in the rail, one bin in the middle."""

from flask import abort, render_template, request

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.review.worklist import Bin, count_bins, list_bin
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.words import BIN_WORDS, REDELIVER_REASONS, SETTLE_REASONS
from leadgen.web.pages import read_page

PAGE_SIZE = 50


@bp.get("")
@audience(Audience.staff)
def worklist() -> str:
    """One bin, named by ``?bin=`` (held for review when none is)."""
    asked = request.args.get("bin", Bin.held)
    if asked not in list(Bin):
        abort(404)
    which = Bin(asked)
    counts = count_bins(db.session)
    page = read_page(counts[which], PAGE_SIZE)
    return render_template(
        "desk/worklist.html",
        which=which,
        bins=BIN_WORDS,
        counts=counts,
        page=page,
        items=list_bin(db.session, which, limit=page.size, offset=page.offset),
        now=now(db.session),
        settle_reasons=SETTLE_REASONS,
        redeliver_reasons=REDELIVER_REASONS,
    )
