"""The pages to read: home, the programs and their guides, how it works, who pays, your data. They set no cookie."""

from flask import Blueprint, Response, abort, request, url_for
from markupsafe import Markup

from leadgen.guides.loader import find_program, list_programs
from leadgen.guides.program import Program
from leadgen.web.access import Audience, audience
from leadgen.web.opt_out import HEADER, opts_out_of_sale
from leadgen.web.page import show_public
from leadgen.web.prospect.cookies import list_cookies
from leadgen.web.prospect.head import (
    describe_crumbs,
    describe_guide,
    describe_occupation,
    describe_program,
    write_things,
)
from leadgen.web.prospect.kept import tell_kept
from leadgen.web.prospect.known import Known, find_known
from leadgen.web.prospect.pay_chart import draw_pay
from leadgen.web.prospect.places import list_states
from leadgen.web.translate import find_language, gettext

bp = Blueprint("prospect", __name__)


@bp.get("/")
@audience(Audience.everybody)
def home() -> Response:
    """What we promise, the ZIP box, and the programs."""
    return _show_list("prospect/home.html")


@bp.get("/programs")
@audience(Audience.everybody)
def programs() -> Response:
    """Every program in one list."""
    return _show_list("prospect/programs.html")


@bp.get("/programs/<slug>")
@audience(Audience.everybody)
def guide(slug: str) -> Response:
    """The guide to one program. `?certification=CCS` makes its ZIP boxes ask for schools that prepare for it."""
    program = find_program(slug, find_language())
    if program is None:
        abort(404)
    certification = program.find_certification(request.args.get("certification", ""))
    known = find_known()
    words = {
        "program": program,
        "foreign": program.language != find_language(),
        "certification": certification,
        "chart": draw_pay(program.pay) if program.pay else None,
        "known": known,
        "states": list_states(known.find(slug)),
        "things": _describe(program, known),
    }
    which = (slug, certification.code if certification else "", known.version)
    return show_public("prospect/guide.html", *which, **words)


@bp.get("/how-it-works")
@audience(Audience.everybody)
def how_it_works() -> Response:
    """The journey of an inquiry, in steps."""
    return show_public("prospect/how_it_works.html")


@bp.get("/who-pays")
@audience(Audience.everybody)
def who_pays() -> Response:
    """Who runs the site, and where its money comes from."""
    return show_public("prospect/who_pays.html")


@bp.get("/your-data")
@audience(Audience.everybody)
def your_data() -> Response:
    """What is kept about a prospect, where it goes, and how she takes it back."""
    opted_out = opts_out_of_sale()
    words = {"opted_out": opted_out, "kept": tell_kept(), "cookies": list_cookies()}
    response = show_public("prospect/your_data.html", str(opted_out), **words)
    response.vary.add(HEADER)
    return response


def _describe(program: Program, known: Known) -> Markup:
    path = url_for("prospect.guide", slug=program.slug)
    crumbs = [(gettext("Programs"), url_for("prospect.programs")), (program.title, path)]
    course = describe_program(program, path, known.find(program.slug))
    things = [describe_crumbs(crumbs), describe_occupation(program), course, describe_guide(program, path)]
    return write_things(things)


def _show_list(template: str) -> Response:
    known = find_known()
    return show_public(template, known.version, programs=list_programs(find_language()), known=known)
