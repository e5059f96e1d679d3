"""One program in one state: its schools there on a map and in a list, and how many teach it online to who lives there.

Only where the directory has a school: a page without one would say nothing that the guide does not."""

from collections import Counter
from collections.abc import Sequence

from flask import Response, abort, url_for
from markupsafe import Markup

from leadgen.directory.in_state import MOST_SCHOOLS, LocalSchool, count_online, list_in_state
from leadgen.extensions import db
from leadgen.geo.map import Scene
from leadgen.geo.pins import Pin
from leadgen.geo.states import STATE_NAMES, find_state
from leadgen.guides.loader import find_program
from leadgen.guides.program import Program
from leadgen.web.access import Audience, audience
from leadgen.web.drawing import draw
from leadgen.web.page import show_asked
from leadgen.web.prospect.cards import CONTROLS, FORMAT_WORDS
from leadgen.web.prospect.forms import CREDENTIALS
from leadgen.web.prospect.head import describe_crumbs, write_things
from leadgen.web.prospect.known import find_known
from leadgen.web.prospect.pages import bp
from leadgen.web.translate import find_language, gettext

# towns offered in the ZIP box; her own may be another
MOST_TOWNS = 12


@bp.get("/programs/<slug>/<state>")
@audience(Audience.everybody)
def local(slug: str, state: str) -> Response:
    """The schools of that state, by name; whether they take inquiries changes nothing about their place."""
    program, postal = find_program(slug, find_language()), find_state(state)
    known = find_known()
    if program is None or postal is None or (known.is_read and postal not in known.find(slug).states):
        abort(404)
    schools = list_in_state(db.session, slug, postal) or abort(404)
    name = STATE_NAMES[postal]
    return show_asked(
        "prospect/local.html",
        program=program,
        state=name,
        schools=schools[:MOST_SCHOOLS],
        total=len(schools),
        receiving=sum(school.receiving for school in schools),
        online=count_online(db.session, slug, postal),
        towns=[f"{town}, {postal}" for town in _list_towns(schools)],
        picture=_draw(schools[:MOST_SCHOOLS], program.title, name, postal),
        known=known,
        things=_describe(program, name, state),
        controls=CONTROLS,
        formats=FORMAT_WORDS,
        credentials=CREDENTIALS,
    )


def _describe(program: Program, name: str, state: str) -> Markup:
    guide = url_for("prospect.guide", slug=program.slug)
    crumbs = [(gettext("Programs"), url_for("prospect.programs")), (program.title, guide)]
    return write_things([describe_crumbs([*crumbs, (name, url_for("prospect.local", slug=program.slug, state=state))])])


def _list_towns(schools: Sequence[LocalSchool]) -> list[str]:
    """Those with the most schools first."""
    found = Counter(town for school in schools for town in {course.city for course in school.courses})
    return [town for town, _ in sorted(found.items(), key=lambda each: (-each[1], each[0]))][:MOST_TOWNS]


def _draw(schools: Sequence[LocalSchool], title: str, name: str, postal: str) -> Markup | None:
    pins = {
        (number, course.campus): Pin(
            number, f"{school.name}, {course.city}", (course.latitude, course.longitude), course.city, postal
        )
        for number, school in enumerate(schools, start=1)
        for course in school.courses
    }
    words = gettext("Map: schools for %(program)s in %(state)s", program=title, state=name)
    return draw(Scene(title=words, pins=list(pins.values())))
