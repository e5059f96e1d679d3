"""The pages to read: home, the programs and their guides, how it works, who pays, your data. They set no cookie."""

from flask import Blueprint, Response, abort, request

from leadgen.guides.loader import find_program, list_programs
from leadgen.web.access import Audience, audience
from leadgen.web.page import show_public
from leadgen.web.prospect.pay_chart import draw_pay

bp = Blueprint("prospect", __name__)


@bp.get("/")
@audience(Audience.everybody)
def home() -> Response:
    """What we promise, the ZIP box, and the programs."""
    return show_public("prospect/home.html", programs=list_programs())


@bp.get("/programs")
@audience(Audience.everybody)
def programs() -> Response:
    """Every program in one list."""
    return show_public("prospect/programs.html", programs=list_programs())


@bp.get("/programs/<slug>")
@audience(Audience.everybody)
def guide(slug: str) -> Response:
    """The guide to one program. `?certification=CCS` makes its ZIP boxes ask for schools that prepare for it."""
    program = find_program(slug)
    if program is None:
        abort(404)
    certification = program.find_certification(request.args.get("certification", ""))
    bars = draw_pay(program.pay) if program.pay else ()
    which = (slug, certification.code if certification else "")
    return show_public("prospect/guide.html", *which, program=program, certification=certification, bars=bars)


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
    return show_public("prospect/your_data.html")
