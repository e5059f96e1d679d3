"""Unmet demand: where people searched and no school could take their inquiry. Counted without identity."""

from datetime import timedelta

from flask import Response, render_template, request

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.directory.cells import STATES
from leadgen.extensions import db
from leadgen.guides.loader import list_programs
from leadgen.review.demand import DemandFilter, read_demand
from leadgen.review.directory import list_programs_taught, list_states
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.asked import keep_arguments, read_choice
from leadgen.web.pages import read_page
from leadgen.web.program_title import name_program_here
from leadgen.web.spreadsheet import send_table
from leadgen.web.translate import lazy_gettext

PAGE_SIZE = 50
PERIODS = {
    "30": lazy_gettext("Last 30 days"),
    "90": lazy_gettext("Last 90 days"),
    "365": lazy_gettext("Last 12 months"),
}
USUAL_PERIOD = "90"
AREAS = {"": lazy_gettext("By ZIP area"), "state": lazy_gettext("By state")}
HEAD = (
    lazy_gettext("Program"),
    lazy_gettext("Area"),
    lazy_gettext("State"),
    lazy_gettext("Searches"),
    lazy_gettext("No school"),
    lazy_gettext("None through us"),
    lazy_gettext("One or two schools"),
    lazy_gettext("Share unmet"),
)


@bp.get("/demand")
@audience(Audience.staff)
def demand() -> str:
    """By program and area, those first where most searches led nowhere."""
    asked, arguments = _read_asked()
    lines = read_demand(db.session, asked)
    page = read_page(len(lines), PAGE_SIZE)
    return render_template(
        "desk/demand.html",
        asked=asked,
        arguments=arguments,
        chosen=request.args,
        usual=USUAL_PERIOD,
        periods=PERIODS,
        areas=AREAS,
        programs=list_programs(),
        states=sorted(STATES),
        taught=(set(list_states(db.session)), set(list_programs_taught(db.session))),
        page=page,
        unmet=sum(line.unmet for line in lines),
        rows=lines[page.offset : page.offset + page.size],
    )


@bp.get("/demand.csv")
@audience(Audience.staff, Permission.export)
def demand_table() -> Response:
    """All of it as a table."""
    asked, _ = _read_asked()
    rows = [
        (
            name_program_here(line.program),
            line.area if asked.by_state else f"{line.area}xx",
            line.state,
            line.searches,
            line.none,
            line.listed,
            line.few,
            f"{line.share:.0%}",
        )
        for line in read_demand(db.session, asked)
    ]
    return send_table("unmet-demand", HEAD, rows)


def _read_asked() -> tuple[DemandFilter, dict[str, str]]:
    chosen = {
        "program": read_choice("program", [each.slug for each in list_programs()]),
        "state": read_choice("state", STATES),
        "days": read_choice("days", PERIODS),
        "by": read_choice("by", AREAS),
    }
    since = now(db.session).date() - timedelta(days=int(chosen["days"] or USUAL_PERIOD) - 1)
    asked = DemandFilter(since, chosen["program"], chosen["state"], by_state=chosen["by"] == "state")
    return asked, keep_arguments(chosen)
