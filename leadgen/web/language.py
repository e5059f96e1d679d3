"""The language of a page stands in its address: those in Spanish begin with `/es`, those in English with nothing.

So each page has one address in each language. Search engines find both, whoever carries pages keeps them apart, a link
and a form lead on in the same language, and no cookie is needed. At the front door alone we guess, by what her browser
says, unless she has chosen: `/en/…` is the way of the switch to a page in English, and leaves the one cookie."""

from collections.abc import Callable, Iterable
from typing import Any

from babel import Locale
from flask import Blueprint, Flask, Response, abort, g, has_request_context, make_response, redirect, request
from flask_babel import get_locale

from leadgen.config import Mode
from leadgen.extensions import current_settings
from leadgen.web.access import Audience, audience
from leadgen.web.next_page import is_own_path

ENGLISH, SPANISH = "en", "es"
# each by its own name
LANGUAGES = {ENGLISH: "English", SPANISH: "Español"}
# figures, clocks and days as people in the United States write them
LOCALES = {ENGLISH: Locale("en", "US"), SPANISH: Locale("es", "US")}
SPOKEN = "leadgen.language"
COOKIE, COOKIE_SECONDS = "leadgen_language", 365 * 24 * 3600
# for machines: one address, whatever anybody speaks
FOR_MACHINES = ("api", "hooks", "static", "healthz", "readyz", "metrics", "sitemap.xml", "robots.txt")
INSIDE = "same-origin"

bp = Blueprint("language", __name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguageInAddress:
    """Takes `/es` off an address and puts it before every address that is made while answering."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _, _, path = environ.get("PATH_INFO", "").partition("/")
        first, _, rest = path.partition("/")
        if first == SPANISH and rest.partition("/")[0] not in FOR_MACHINES and not rest.startswith(".well-known"):
            environ[SPOKEN] = first
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ["PATH_INFO"] = f"/{rest}"
        return self._app(environ, start_response)


def register(app: Flask) -> None:
    """Read the language off every address; let templates name the same page in another one."""
    app.wsgi_app = LanguageInAddress(app.wsgi_app)  # type: ignore[method-assign]
    app.register_blueprint(bp)
    app.before_request(_guess)
    app.after_request(_tell_guess)
    app.extensions["babel"].locale_selector = find_locale
    app.context_processor(_know_languages)


def _know_languages() -> dict[str, Any]:
    locale = get_locale()
    spoken = locale.language if locale else ENGLISH
    switch = {"switch_to": write_switch, "switch_home": write_switch_home}
    return {"language": spoken, "languages": LANGUAGES, "page_in": write_page_in, **switch}


def find_spoken() -> str:
    """The code of the language of this request's address."""
    return request.environ.get(SPOKEN, ENGLISH) if has_request_context() else ENGLISH


def find_locale() -> Locale:
    """How days and figures are written on this page."""
    return LOCALES[find_spoken()]


def write_path_in(language: str, path: str) -> str:
    """The path of a page of ours in a language; ``path`` is that of the English one."""
    return path if language == ENGLISH else f"/{language}{path}"


def write_page_in(language: str) -> str:
    """The one address of this page in a language, for machines."""
    return current_settings().base_url + write_path_in(language, request.path)


def write_switch(language: str, *, asked: bool = True) -> str:
    """Where the switch leads: this page in another language, with what was ``asked`` of it."""
    query = f"?{request.query_string.decode('latin-1')}" if asked and request.query_string else ""
    return _write_choice(language, request.path) + query


def write_switch_home(language: str) -> str:
    """Where the switch leads from a page that is nowhere: home, in another language."""
    return _write_choice(language, "/")


def _write_choice(language: str, path: str) -> str:
    return find_mount() + (f"/{ENGLISH}{path}" if language == ENGLISH else write_path_in(language, path))


@bp.get("/en/", defaults={"rest": ""})
@bp.get("/en/<path:rest>")
@audience(Audience.everybody)
def choose_english(rest: str) -> Response:
    """Remember that she chose English, so that the front door guesses no more, and lead to the page."""
    path = f"/{rest}"
    if not is_own_path(path):
        abort(404)
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    response = make_response(redirect(find_mount() + path + query))
    secure = current_settings().mode is Mode.production
    response.set_cookie(COOKIE, ENGLISH, max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="Lax", secure=secure)
    return response


def _guess() -> Response | None:
    """At the front door, when she comes from elsewhere: Spanish, where her browser asks for it before English."""
    if request.endpoint != "prospect.home" or SPOKEN in request.environ or request.method != "GET":
        return None
    g.guessed = True
    wants = request.accept_languages.best_match(list(LANGUAGES), ENGLISH)
    if wants == ENGLISH or request.cookies.get(COOKIE) or request.headers.get("Sec-Fetch-Site") == INSIDE:
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return make_response(redirect(f"{request.root_path}/{wants}/{query}"))


def _tell_guess(response: Response) -> Response:
    if g.get("guessed"):
        response.vary.update(("Accept-Language", "Cookie", "Sec-Fetch-Site"))
    return response


def find_mount() -> str:
    """Where the site itself stands on its host, without the language."""
    return request.root_path.removesuffix(f"/{find_spoken()}")
