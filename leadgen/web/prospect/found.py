"""For machines that come by themselves: which pages there are, what they may read, and whom to tell of a weakness."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr

from flask import Response, abort, jsonify, render_template, request, url_for

from leadgen.extensions import current_settings
from leadgen.geo.states import find_slug
from leadgen.guides.loader import list_programs
from leadgen.web.access import Audience, audience
from leadgen.web.language import ENGLISH, LANGUAGES, write_path_in
from leadgen.web.page import let_keep
from leadgen.web.prospect.head import write_address
from leadgen.web.prospect.known import find_known
from leadgen.web.prospect.pages import bp

PLAIN = ("home", "programs", "compare", "which", "how_it_works", "who_pays", "your_data")
# what is for insiders and for machines that know us; her own pages say `noindex` themselves, which has to be read
CLOSED = ("/desk", "/portal", "/login", "/api/", "/hooks/")
# the same in other languages, and the way of the switch to English, which only leads on
CLOSED_IN = ("/desk", "/portal", "/login")
# the standard asks for a day less than a year ahead
CONTACT_HOLDS = timedelta(days=180)
GPC_SINCE = "2026-11-25"


@bp.get("/sitemap.xml")
@audience(Audience.everybody)
def sitemap() -> Response:
    """Every page to read, with the day of its last change where there is one."""
    text = render_template("prospect/sitemap.xml", pages=list(_list_addresses()))
    return _answer(text, "application/xml")


@bp.get("/robots.txt")
@audience(Audience.everybody)
def robots() -> Response:
    """What may be read, and where the list of pages is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _list_closed()),
        f"Sitemap: {write_address('/sitemap.xml')}",
    ]
    return _answer("\n".join(lines) + "\n", "text/plain")


@bp.get("/.well-known/security.txt")
@audience(Audience.everybody)
def security() -> Response:
    """Whom to tell of a weakness, as RFC 9116 has it. Without somebody to reach there is no such page."""
    contact = current_settings().operator_contact
    if not contact:
        abort(404)
    # by the day, so that whoever keeps the page keeps the same one
    expires = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC) + CONTACT_HOLDS
    lines = (
        f"Contact: {_write_contact(contact)}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, es",
        f"Canonical: {write_address(request.path)}",
    )
    return _answer("\n".join(lines) + "\n", "text/plain")


@bp.get("/.well-known/gpc.json")
@audience(Audience.everybody)
def gpc() -> Response:
    """That we honor Global Privacy Control, as its specification has it."""
    response = jsonify({"gpc": True, "lastUpdate": GPC_SINCE})
    return let_keep(response)


def _list_closed() -> Iterator[str]:
    yield from CLOSED
    yield f"/{ENGLISH}/"
    for language in LANGUAGES:
        if language != ENGLISH:
            yield from (write_path_in(language, path) for path in CLOSED_IN)


def _list_addresses() -> Iterator[tuple[dict[str, str], str, date | None]]:
    """Every page in every language: its addresses by language, its own, and its day."""
    for path, day in _list_pages():
        addresses = {language: write_address(write_path_in(language, path)) for language in LANGUAGES}
        yield from ((addresses, address, day) for address in addresses.values())


def _list_pages() -> Iterator[tuple[str, date | None]]:
    known = find_known()
    for name in PLAIN:
        yield url_for(f"prospect.{name}"), None
    for program in list_programs():
        yield url_for("prospect.guide", slug=program.slug), program.reviewed
        for state in sorted(known.find(program.slug).states):
            if slug := find_slug(state):
                yield url_for("prospect.local", slug=program.slug, state=slug), known.day


def _write_contact(contact: str) -> str:
    """An address of mail or of the web as it is; else the page that tells how to reach us."""
    if contact.startswith("https://"):
        return contact
    _, mail = parseaddr(contact)
    return f"mailto:{mail}" if "@" in mail and " " not in mail else write_address("/who-pays")


def _answer(text: str, kind: str) -> Response:
    return let_keep(Response(text, mimetype=kind))
