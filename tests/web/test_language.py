"""The language stands in the address of a page, and leads on in links, forms and redirects; English has no prefix."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from leadgen.web.account.tries import write_wait
from tests.web.visitor import GOALS, PROGRAM, Visitor

SPANISH_BROWSER = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_page_in_spanish_says_so_and_leads_on_in_spanish(client: FlaskClient) -> None:
    page = client.get("/es/how-it-works").text
    assert '<html lang="es">' in page
    assert "Quién paga" in page
    own = re.findall(r'(?:href|action)="(/[^"]*)"', page)
    kept = [path for path in own if "/static/" not in path and not path.startswith(("/es/", "/en/"))]
    assert kept == []


@pytest.mark.parametrize("path", ["/es/", "/es/login", "/es/programs/which"])
def test_sheets_scripts_and_pictures_of_a_page_in_spanish_are_there(client: FlaskClient, path: str) -> None:
    files = set(re.findall(r'(?:href|src)="(/[^"]*/static/[^"]+|/static/[^"]+)"', client.get(path).text))
    assert len(files) >= 2
    assert {file: client.get(file).status_code for file in files} == dict.fromkeys(files, 200)


def test_both_addresses_are_named_to_search_engines(client: FlaskClient) -> None:
    for path in ("/who-pays", "/es/who-pays"):
        page = client.get(path).text
        assert f'<link rel="canonical" href="{SITE}{path}">' in page
        assert f'hreflang="en" href="{SITE}/who-pays"' in page
        assert f'hreflang="es" href="{SITE}/es/who-pays"' in page
        assert f'hreflang="x-default" href="{SITE}/who-pays"' in page


def test_the_switch_leads_to_the_same_page_with_what_was_asked(client: FlaskClient) -> None:
    page = client.get("/programs/which?patients=most").text
    assert 'lang="es" hreflang="es" href="/es/programs/which?patients=most">Español</a>' in page
    page = client.get("/es/who-pays").text
    assert 'lang="en" hreflang="en" rel="nofollow" href="/en/who-pays">English</a>' in page


def test_the_front_door_guesses_by_the_browser_and_keeps_no_cookie(client: FlaskClient) -> None:
    answer = client.get("/?utm_source=x", headers=SPANISH_BROWSER)
    assert (answer.status_code, answer.location) == (302, "/es/?utm_source=x")
    assert "Set-Cookie" not in answer.headers
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)
    assert client.get("/", headers={"Accept-Language": "en-US,en;q=0.9,es;q=0.5"}).status_code == 200
    assert client.get("/").status_code == 200
    assert client.get("/programs", headers=SPANISH_BROWSER).status_code == 200, "a page keeps its address"


def test_whoever_chose_english_is_not_guessed_about_again(client: FlaskClient) -> None:
    chosen = client.get("/en/programs?x=1")
    assert (chosen.status_code, chosen.location) == (302, "/programs?x=1")
    assert "leadgen_language=en" in chosen.headers["Set-Cookie"]
    assert client.get("/", headers=SPANISH_BROWSER).status_code == 200


def test_a_link_within_the_site_is_not_guessed_about(client: FlaskClient) -> None:
    assert client.get("/", headers=SPANISH_BROWSER | {"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_the_way_to_english_leads_to_no_other_site(client: FlaskClient) -> None:
    for path in ("/en//evil.example", "/en/%2Fevil.example", "/en/\\evil.example"):
        answer = client.get(path, follow_redirects=True)
        assert (answer.status_code, answer.request.host) == (404, "localhost")


def test_what_machines_read_has_one_address(client: FlaskClient) -> None:
    for path in ("/es/api/v1/openapi.json", "/es/healthz", "/es/sitemap.xml", "/es/hooks/bounces"):
        assert client.get(path).status_code == 404, path


def test_an_address_with_a_slash_at_its_end_keeps_its_language(client: FlaskClient) -> None:
    assert client.get("/es/programs/").location == "/es/programs"


def test_a_language_may_change_in_the_middle_of_an_inquiry(app: Flask) -> None:
    visitor = Visitor(app)
    answer = visitor.post("/es/inquiry/start", {"program": PROGRAM, "zip": "60601"})
    assert answer.location == "/es/inquiry/goals"
    assert visitor.post("/es/inquiry/goals", GOALS).location == "/es/inquiry/place"
    assert "60601" in visitor.get("/inquiry/place").text
    assert '<html lang="es">' in visitor.get("/es/inquiry/place").text


def test_a_guard_leads_to_the_sign_in_and_back_in_the_language(client: FlaskClient) -> None:
    assert client.get("/es/desk").location == "/es/login?next=/es/desk"


@pytest.mark.parametrize(
    "path", ["/programs/somebody-typed-this", "/somebody-typed-this", "/es/somebody-typed-this?q=it"]
)
def test_the_switch_of_an_error_page_leads_home_and_repeats_no_address(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "somebody-typed" not in answer.text
    assert 'class="tongue"' in answer.text
    assert ('href="/en/">English' if path.startswith("/es/") else 'href="/es/">Español') in answer.text


@pytest.mark.parametrize(
    ("wait", "english", "spanish"),
    [
        (timedelta(seconds=1), "1 second", "1 segundo"),
        (timedelta(seconds=99), "99 seconds", "99 segundos"),
        (timedelta(seconds=301), "6 minutes", "6 minutos"),
    ],
)
def test_how_long_to_wait_after_too_many_tries_is_said_in_the_reader_s_words(
    app: Flask, wait: timedelta, english: str, spanish: str
) -> None:
    for language, words in (("en", english), ("es", spanish)):
        with app.test_request_context(), force_locale(language):
            assert write_wait(wait) == words
