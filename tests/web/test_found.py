"""What machines find: one address per page, data about it, the list of pages, and whom to tell of a weakness."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.geo.states import STATE_NAMES
from leadgen.guides.loader import list_programs
from leadgen.web.catalogue import read_catalogue
from tests.builders import build_offering
from tests.web.test_pages import PAGES
from tests.web.visitor import Visitor
from tests.web.workplace import database

SITE = "http://127.0.0.1:8000"
LOCAL = "/programs/medical-billing-and-coding/illinois"
WITH_LOCAL = [*PAGES, LOCAL]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def _school(app: Flask) -> None:
    with database(app) as session:
        build_offering(session)
        session.commit()


def find(page: str, pattern: str) -> list[str]:
    return [unescape(found) for found in re.findall(pattern, page)]


def read_things(page: str) -> list[dict[str, object]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return [thing for block in blocks for thing in json.loads(block)["@graph"]]


@pytest.mark.parametrize("path", WITH_LOCAL)
def test_a_page_names_its_one_address_whatever_it_was_asked_with(client: FlaskClient, path: str) -> None:
    page = client.get(path, query_string={"utm_source": "x"}, headers={"Host": "elsewhere.example"}).text
    assert find(page, r'<link rel="canonical" href="([^"]*)"') == [SITE + path]
    assert find(page, r'<meta property="og:url" content="([^"]*)"') == [SITE + path]


@pytest.mark.parametrize("path", [*WITH_LOCAL, *(f"/es{each}" for each in WITH_LOCAL)])
def test_titles_and_descriptions_are_as_long_as_search_engines_show(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    title = find(page, "<title>([^<]*)</title>")[0]
    (summary,) = find(page, r'<meta name="description" content="([^"]*)"')
    assert len(title) <= 60, title
    assert 50 <= len(summary) <= 160, (len(summary), summary)


def test_no_two_pages_share_a_title_or_a_description(client: FlaskClient) -> None:
    pages = [client.get(path).text for path in WITH_LOCAL]
    for pattern in ("<title>([^<]*)</title>", r'<meta name="description" content="([^"]*)"'):
        found = [find(page, pattern)[0] for page in pages]
        assert len(set(found)) == len(found)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_longest_title_of_a_local_page_is_not_cut(language: str) -> None:
    words = read_catalogue(language).gettext("%(program)s in %(state)s")
    titles = [
        words % {"program": program.title, "state": state}
        for program in list_programs(language)
        for state in STATE_NAMES.values()
    ]
    assert max(map(len, titles)) <= 60, max(titles, key=len)


def test_the_picture_of_a_shared_link_is_ours_and_of_the_usual_size(client: FlaskClient) -> None:
    (address,) = find(client.get("/").text, r'<meta property="og:image" content="([^"]*)"')
    picture = client.get(address.removeprefix(SITE))
    assert picture.mimetype == "image/png"
    assert len(picture.data) < 100_000
    assert [int.from_bytes(picture.data[at : at + 4], "big") for at in (16, 20)] == [1200, 630]


@pytest.mark.parametrize("program", list_programs(), ids=lambda program: program.slug)
def test_a_guide_tells_machines_of_the_work_and_the_training(client: FlaskClient, program: object) -> None:
    page = client.get(f"/programs/{program.slug}").text  # type: ignore[attr-defined]
    crumbs, work, training, guide = read_things(page)
    assert (guide["inLanguage"], guide["lastReviewed"]) == ("en", "2026-11-25")
    assert [each["@type"] for each in (crumbs, work, training)] == [
        "BreadcrumbList",
        "Occupation",
        "EducationalOccupationalProgram",
    ]
    assert [each["currency"] for each in work["estimatedSalary"]]  # type: ignore[attr-defined]
    assert training["url"] == SITE + f"/programs/{program.slug}"  # type: ignore[attr-defined]
    assert crumbs["itemListElement"][0]["item"] == SITE + "/programs"  # type: ignore[index]


def test_length_told_to_machines_is_that_of_the_directory(client: FlaskClient) -> None:
    training = read_things(client.get("/programs/medical-billing-and-coding").text)[2]
    assert training["timeToComplete"] == "P9M"
    assert "timeToComplete" not in read_things(client.get("/programs/phlebotomy").text)[2]


def test_words_cannot_end_a_block_of_data() -> None:
    from leadgen.web.prospect.head import write_things  # noqa: PLC0415

    assert "<" not in write_things([{"name": "</script><script>alert(1)</script>"}])


def test_the_sitemap_names_every_page_with_its_day(client: FlaskClient) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    found = {each.findtext(f"{SITEMAP}loc"): each.findtext(f"{SITEMAP}lastmod") for each in ET.fromstring(answer.text)}
    assert set(found) == {f"{SITE}{spoken}{path}" for path in WITH_LOCAL for spoken in ("", "/es")}
    assert found[SITE + "/programs/phlebotomy"] == "2026-11-25"
    assert found[SITE + LOCAL] == datetime.now(UTC).date().isoformat()
    for address in found:
        assert client.get(str(address).removeprefix(SITE)).status_code == 200


def test_robots_are_told_what_is_closed_and_where_the_pages_are(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /desk", "Disallow: /portal", f"Sitemap: {SITE}/sitemap.xml"} <= set(lines)
    assert not [line for line in lines if "inquiry" in line or "request" in line], "their noindex has to be read"


def test_security_txt_says_whom_to_tell_and_holds_for_less_than_a_year(client: FlaskClient) -> None:
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.mimetype == "text/plain"
    assert fields["Contact"] == "mailto:help@firststep.example"
    assert fields["Canonical"] == SITE + "/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=170) < left < timedelta(days=365)


def test_a_postal_address_leads_to_the_page_that_tells_how_to_reach_us(make_app: Callable[..., Flask]) -> None:
    client = make_app(operator_contact="1 Main Street, Chicago").test_client()
    assert f"Contact: {SITE}/who-pays" in client.get("/.well-known/security.txt").text


def test_global_privacy_control_is_announced(client: FlaskClient) -> None:
    assert client.get("/.well-known/gpc.json").json == {"gpc": True, "lastUpdate": "2026-11-25"}


def test_pages_of_an_inquiry_are_not_listed_and_send_no_path_along(app: Flask) -> None:
    visitor = Visitor(app).start()
    for path in ("/inquiry/start", "/inquiry/goals", "/request/no-such-token", "/login", "/nowhere"):
        answer = visitor.get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex", path
        assert '<meta name="robots" content="noindex">' in answer.text, path
        assert answer.headers["Referrer-Policy"] == "strict-origin", path
        assert "canonical" not in answer.text, path
    assert "X-Robots-Tag" not in visitor.get("/").headers
