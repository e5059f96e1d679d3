"""Programs side by side: up to four, named in the address, so that the page can be sent and printed."""

from flask import Response, request

from leadgen.guides.loader import list_programs
from leadgen.guides.traits import Hours, Patients, Posture
from leadgen.web.access import Audience, audience
from leadgen.web.page import show_asked
from leadgen.web.prospect.known import find_known
from leadgen.web.prospect.pages import bp
from leadgen.web.translate import find_language, lazy_gettext

MOST = 4
PATIENTS: dict[Patients, str] = {
    Patients.most: lazy_gettext("Most of the day"),
    Patients.some: lazy_gettext("Part of the day"),
    Patients.few: lazy_gettext("Seldom"),
}
POSTURES: dict[Posture, str] = {
    Posture.desk: lazy_gettext("At a desk"),
    Posture.both: lazy_gettext("Sitting and standing"),
    Posture.feet: lazy_gettext("On your feet"),
}
HOURS: dict[Hours, str] = {
    Hours.day: lazy_gettext("Mostly weekdays"),
    Hours.shifts: lazy_gettext("Often nights and weekends"),
}


@bp.get("/programs/compare")
@audience(Audience.everybody)
def compare() -> Response:
    """`?program=` once for each. Those that there are not are left out; of more than four, the first four are shown."""
    programs = {program.slug: program for program in list_programs(find_language())}
    asked = [programs[slug] for slug in dict.fromkeys(request.args.getlist("program")) if slug in programs]
    return show_asked(
        "prospect/compare.html",
        programs=list(programs.values()),
        chosen=asked[:MOST],
        left_out=asked[MOST:],
        most=MOST,
        known=find_known(),
        with_patients=PATIENTS,
        postures=POSTURES,
        hours=HOURS,
    )
