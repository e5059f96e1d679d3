"""The funnel of the inquiry: a chart and a table of the same figures. Counted per day, without identity."""

from datetime import timedelta

from flask import render_template, request

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.review.funnel import read_funnel
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.asked import read_choice
from leadgen.web.translate import lazy_gettext

PERIODS = {"7": lazy_gettext("Last 7 days"), "30": lazy_gettext("Last 30 days"), "90": lazy_gettext("Last 90 days")}
USUAL_PERIOD = "30"
STEP_WORDS = {
    "goals": lazy_gettext("Goals"),
    "place": lazy_gettext("Where"),
    "eligibility": lazy_gettext("Age and schooling"),
    "schools": lazy_gettext("The schools"),
    "details": lazy_gettext("Contact details"),
    "check": lazy_gettext("The last page"),
    "sent": lazy_gettext("Sent"),
}
BAND_WORDS = {
    "under_1": lazy_gettext("Under 1"),
    "1_to_3": lazy_gettext("1 to 3"),
    "3_to_10": lazy_gettext("3 to 10"),
    "10_to_60": lazy_gettext("10 to 60"),
    "over_60": lazy_gettext("Over an hour"),
}
BAR_HEIGHT = 46
# the longest bar leaves room for its figure
LONGEST_PERCENT = 74


@bp.get("/funnel")
@audience(Audience.staff)
def funnel() -> str:
    """How many came to each step, how soon after the start, and where the others left."""
    days = read_choice("days", PERIODS) or USUAL_PERIOD
    lines = read_funnel(db.session, now(db.session).date() - timedelta(days=int(days) - 1))
    most = max((line.reached for line in lines), default=0) or 1
    bars = [
        (at * BAR_HEIGHT, STEP_WORDS[line.step], line.reached, round(line.reached / most * LONGEST_PERCENT, 1))
        for at, line in enumerate(lines)
    ]
    return render_template(
        "desk/funnel.html",
        lines=lines,
        bars=bars,
        height=len(bars) * BAR_HEIGHT,
        words=STEP_WORDS,
        bands=BAND_WORDS,
        periods=PERIODS,
        chosen=request.args.get("days", USUAL_PERIOD),
    )
