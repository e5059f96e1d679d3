"""The one style sheet of every page: what our pages use of Bootstrap, and our own rules after it.

Bootstrap is installed whole. Of its two thousand classes some forty stand on our pages, and on a phone with a slow line
nothing is painted before the rest has arrived. So each process leaves the rest out, once: a class counts as used where
its name is a word of a template, a form or a script. Who uses one more of Bootstrap's classes has nothing to do."""

import gzip
import re
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask, Response, request

from leadgen.config import ROOT
from leadgen.web.access import Audience, audience
from leadgen.web.trim import drop_unread, find_license, pack, trim_rules

BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
OWN = Path(__file__).parent / "static" / "leadgen.css"
# our tokens follow the reader's system, and set no attribute for a theme
SWITCH, VARIABLES = "data-bs-", "--bs-"
SPOKEN_OF = ((ROOT / "templates", "*.html"), (OWN.parent, "*.js"), (OWN.parents[1], "*.py"))
WORD = re.compile(r"[A-Za-z][\w-]*")

bp = Blueprint("sheet", __name__)


def register(app: Flask) -> None:
    """Hang the sheet on the app, beside the static files."""
    app.register_blueprint(bp)


@bp.get("/static/style.css", endpoint="static")
@audience(Audience.everybody)
def show_sheet() -> Response:
    """The sheet, as small as it gets: it is compressed once, and asked for by everybody."""
    response = Response(read_sheet(), mimetype="text/css")
    if request.accept_encodings.quality("gzip"):
        response.set_data(_compress())
        response.headers["Content-Encoding"] = "gzip"
    response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@cache
def read_sheet() -> str:
    """The text of the sheet."""
    bootstrap = BOOTSTRAP.read_text()
    used = trim_rules(bootstrap, list_words(), SWITCH)
    return find_license(bootstrap) + drop_unread(f"{used}\n{pack(OWN.read_text())}\n", VARIABLES)


@cache
def list_words() -> frozenset[str]:
    """Whatever could be the name of a class on one of our pages."""
    files = (path for folder, pattern in SPOKEN_OF for path in folder.rglob(pattern))
    return frozenset(word for path in files for word in WORD.findall(path.read_text()))


@cache
def _compress() -> bytes:
    return gzip.compress(read_sheet().encode(), mtime=0)
