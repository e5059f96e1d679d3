"""The pages to read, as a browser gets them."""

import gzip
import re
import shutil
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.guides.loader import FOLDER, list_programs
from leadgen.web.page import write_miles, write_money, write_months
from tests.builders import build_offering
from tests.web.workplace import database

PLAIN = ["/", "/programs", "/programs/compare", "/programs/which", "/how-it-works", "/who-pays", "/your-data"]
GUIDES = [f"/programs/{program.slug}" for program in list_programs()]
PAGES = PLAIN + GUIDES
BILLING = "/programs/medical-billing-and-coding"


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.found if tag in tags]


def read(client: FlaskClient, path: str) -> Elements:
    return Elements(client.get(path).text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_to_read_sets_no_cookie_and_may_be_kept(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "public, max-age=300"
    # the first page alone is in the language of whoever comes, and of her choice where she made one
    assert ("Cookie" in response.headers["Vary"]) == (path == "/")
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/login"])
def test_a_page_fits_the_strict_policy(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert "'unsafe" not in response.headers["Content-Security-Policy"]
    elements = Elements(response.text)
    assert not elements.named("style", "iframe")
    scripts = [each for each in elements.named("script") if each.get("type") != "application/ld+json"]
    assert all(each.get("src", "").startswith("/static/") for each in scripts)
    assert not [name for _, each in elements.found for name in each if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/login"])
def test_nothing_is_fetched_from_elsewhere(client: FlaskClient, path: str) -> None:
    elements = read(client, path)
    links = [each["href"] for each in elements.named("link") if each["rel"] not in ("canonical", "alternate")]
    fetched = links + [each["src"] for each in elements.named("img")]
    assert fetched
    assert all(address.startswith("/") and not address.startswith("//") for address in fetched)


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/login"])
def test_headings_start_at_one_and_skip_no_level(client: FlaskClient, path: str) -> None:
    levels = [int(tag[1]) for tag, _ in read(client, path).found if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_and_links_within_the_site_lead_somewhere(client: FlaskClient, path: str) -> None:
    elements = read(client, path)
    ids = [each["id"] for _, each in elements.found if "id" in each]
    assert len(ids) == len(set(ids))
    for link in {each["href"] for each in elements.named("a")}:
        address, _, fragment = link.partition("#")
        if link.startswith("#"):
            assert fragment in ids, link
        elif address.startswith("/"):
            assert client.get(address).status_code == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_who_runs_it_and_who_pays(client: FlaskClient, path: str) -> None:
    words = client.get(path).text
    assert "First Step Example Co." in words
    assert "not a government site" in words
    assert "never changes the order" in words


@pytest.mark.parametrize("path", GUIDES)
def test_a_zip_box_starts_the_inquiry_for_its_program(client: FlaskClient, path: str) -> None:
    elements = read(client, path)
    boxes = [each for each in elements.named("form") if each["action"] == "/inquiry/start"]
    assert len(boxes) == 2
    assert all(each["method"] == "post" for each in boxes)
    fields = [(each["name"], each.get("value")) for each in elements.named("input")]
    assert fields.count(("program", path.rsplit("/", 1)[-1])) == len(boxes)
    assert fields.count(("zip", "")) == len(boxes)
    assert "csrf_token" not in dict(fields)


def test_home_offers_every_program(client: FlaskClient) -> None:
    options = [each["value"] for each in read(client, "/").named("option")]
    assert options == [program.slug for program in list_programs()]


def test_the_billing_guide_tells_the_facts(client: FlaskClient) -> None:
    page = client.get(BILLING).text
    for fact in (
        "10 months to 2 years",
        "Certificate or associate degree",
        "18 or older",
        "GED",
        "$44,800",
        "$60,480",
        "$51,090",
        "$75,460",
        "2022",
        "U.S. Bureau of Labor Statistics",
        "2031",
        "Certified Medical Reimbursement Specialist",
        "American Health Information Management Association",
        "Practice Management Institute",
        "pathology and pharmacology",
        "ICD-10-CM",
        "Last reviewed",
    ):
        assert fact in page, fact


def test_the_chart_and_its_table_give_the_same_figures(client: FlaskClient) -> None:
    page = client.get(BILLING).text
    chart = page[page.index("<figure") : page.index("</figure>")]
    table = page[page.index("</figure>") :]
    table = table[: table.index("</table>")]
    money = re.compile(r"\$[\d,]+")
    assert money.findall(chart) == money.findall(table)
    assert len(money.findall(chart)) == 4


def test_a_link_starts_a_search_for_schools_that_prepare_for_ccs(client: FlaskClient) -> None:
    assert {"href": f"{BILLING}?certification=CCS#find"} in read(client, BILLING).named("a")
    page = client.get(BILLING, query_string={"certification": "CCS"}).text
    assert page.count('<input type="hidden" name="certification" value="CCS">') == 2
    assert "Find schools that prepare for CCS" in page


def test_an_unknown_certification_is_left_out(client: FlaskClient) -> None:
    page = client.get(BILLING, query_string={"certification": '"><b>'}).text
    assert 'name="certification"' not in page
    assert "<b>" not in page


def test_an_unknown_program_is_not_found(client: FlaskClient) -> None:
    response = client.get("/programs/astrology")
    assert response.status_code == 404
    assert "There is no page at this address" in response.text


def test_static_files_are_kept_for_a_year_under_an_address_that_follows_their_content(client: FlaskClient) -> None:
    sheets = [each["href"] for each in read(client, "/").named("link") if each["rel"] not in ("canonical", "alternate")]
    assert len(sheets) == 2
    for address in sheets:
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "max-age" not in client.get("/static/leadgen.css").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/style.css", "/static/leadgen.css"])
def test_what_is_asked_for_by_another_fingerprint_is_not_kept_under_its_name(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?v=0123456789ab")
    assert answer.status_code == 200
    assert "max-age" not in answer.headers["Cache-Control"]


def test_the_style_sheet_travels_small_and_not_twice(client: FlaskClient) -> None:
    plain, small = (client.get("/static/style.css", headers={"Accept-Encoding": each}) for each in ("", "gzip, br"))
    assert (plain.mimetype, small.headers["Content-Encoding"]) == ("text/css", "gzip")
    assert gzip.decompress(small.data) == plain.data
    assert "Accept-Encoding" in small.headers["Vary"]
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert client.get("/static/style.css", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_a_login_page_is_never_kept_and_carries_next_along(client: FlaskClient) -> None:
    response = client.get("/login?next=/desk/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Sign in for staff and schools" in response.text
    form = Elements(response.text).named("form")[0]
    assert form["action"] == "/login?next=/desk/"


def test_a_failed_login_says_what_to_mend_and_not_which_half_is_wrong(client: FlaskClient) -> None:
    page = client.post("/login", data={"email": "jo@reader.example", "password": "not the right one"}).text
    elements = Elements(page)
    summary = next(each for _, each in elements.found if each.get("class") == "error-summary")
    assert summary["role"] == "alert"
    assert "autofocus" in summary
    assert {"href": "#email"} in elements.named("a")
    assert "do not go together" in page
    assert 'value="jo@reader.example"' in page
    assert "not the right one" not in page


def test_figures_are_written_for_people() -> None:
    assert [write_money(value) for value in (12_450, None)] == ["$12,450", "not given"]
    assert [write_months(value) for value in (9, 1, 12, 24, 18, None)] == [
        "9 months",
        "1 month",
        "1 year",
        "2 years",
        "18 months",
        "not given",
    ]
    told = [write_miles(value) for value in (3.24, 0.2, 2067.04, None)]
    assert told == ["3.2 miles", "under 1 mile", "2,067 miles", "online"]


@pytest.mark.parametrize(("asked", "page"), [("/programs/", "/programs"), ("/desk/?bin=failed", "/desk?bin=failed")])
def test_a_slash_too_many_still_leads_to_the_page(client: FlaskClient, asked: str, page: str) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.location) == (308, page)


@pytest.mark.parametrize("path", ["/%5Cevil.example/", "/nowhere/", "/%2F%2Fevil.example/"])
def test_a_slash_too_many_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 or str(answer.location).startswith("http://localhost/"), answer.location


def test_length_and_cost_on_a_guide_follow_the_directory(app: Flask, client: FlaskClient) -> None:
    assert "No school in our directory teaches this" in client.get("/programs/phlebotomy").text
    with database(app) as session:
        build_offering(session, program="phlebotomy", length_months=3, tuition_usd=Decimal(1200))
        build_offering(session, program="phlebotomy", length_months=5, tuition_usd=Decimal(2450))
        session.commit()
    page = client.get("/programs/phlebotomy").text
    assert "3 to 5 months" in page
    assert "$1,200 to $2,450" in page
    assert "3 to 5 months" in client.get("/programs").text


def test_the_figures_of_a_guide_link_to_their_sources(client: FlaskClient) -> None:
    elements = read(client, "/programs/practical-nursing")
    assert {"href": "#source-bls"} in [{"href": each["href"]} for each in elements.named("a")]
    assert "source-bls" in [each.get("id") for each in elements.named("li")]


def test_a_new_file_alone_adds_the_page_and_the_choice_in_the_forms(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in FOLDER.glob("*.md"):
        shutil.copy(path, tmp_path)
    words = (FOLDER / "phlebotomy.md").read_text().replace("title: Phlebotomy\n", "title: Well digging\n")
    (tmp_path / "well-digging.md").write_text(words)
    monkeypatch.setattr("leadgen.guides.loader.FOLDER", tmp_path)
    assert "<h1>Well digging</h1>" in client.get("/programs/well-digging").text
    for path in ("/", "/inquiry/start"):
        assert "well-digging" in [each["value"] for each in read(client, path).named("option")]
    assert client.post("/inquiry/start", data={"program": "well-digging", "zip": "60601"}).status_code == 303
