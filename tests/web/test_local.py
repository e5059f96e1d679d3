"""Pages of a program in a state: only where there is a school, with the map, the list and the count online."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.models import Format
from tests.builders import build_campus, build_offering, build_school, list_school
from tests.web.workplace import database

PAGE = "/programs/medical-billing-and-coding/illinois"


def add(app: Flask, *towns: str, name: str = "Larkspur Institute", listed: bool = False) -> None:
    with database(app) as session:
        school = build_school(session, name=name, website="https://www.school.example/")
        for town in towns:
            build_offering(session, school, build_campus(session, school, name=town, city=town))
        session.commit()
        if listed:
            list_school(session, school.id)


@pytest.mark.parametrize(
    "path", [PAGE, PAGE.replace("illinois", "texas"), PAGE.replace("illinois", "il"), "/programs/astrology/illinois"]
)
def test_a_state_without_a_school_has_no_page(app: Flask, client: FlaskClient, path: str) -> None:
    if path != PAGE:
        add(app, "Chicago")
    assert client.get(path).status_code == 404


def test_the_page_counts_lists_and_draws_the_schools(app: Flask, client: FlaskClient) -> None:
    add(app, "Chicago", "Peoria")
    add(app, "Joliet", name="Bramble College", listed=True)
    with database(app) as session:
        build_offering(session, build_school(session), format=Format.online, online_states=("*",))
        session.commit()
    page = client.get(PAGE).text
    words = re.sub(r"\s+", " ", page)
    assert "2 schools teach it on a campus in Illinois" in words
    assert "1 takes inquiries through us" in words
    assert "1 school says that it teaches online" in words
    assert re.findall(r"<h3>([^<]+)</h3>", page) == ["Bramble College", "Larkspur Institute"]
    assert "Website of Bramble College" in page
    assert "Website of Larkspur" not in page
    assert 'role="img"' in page
    assert set(re.findall(r'<option value="([^"]+)">', page)) == {"Chicago, IL", "Joliet, IL", "Peoria, IL"}


def test_the_place_is_filled_in_where_there_is_but_one(app: Flask, client: FlaskClient) -> None:
    add(app, "Chicago")
    assert 'name="zip" value="Chicago, IL"' in client.get(PAGE).text
    add(app, "Peoria")
    assert 'name="zip" value=""' in client.get(PAGE).text


def test_the_guide_links_to_its_states_and_the_state_back(app: Flask, client: FlaskClient) -> None:
    add(app, "Chicago")
    assert f'href="{PAGE}"' in client.get("/programs/medical-billing-and-coding").text
    assert 'href="/programs/medical-billing-and-coding"' in client.get(PAGE).text


def test_a_page_sets_no_cookie_and_is_found_anew_when_the_directory_changed(app: Flask, client: FlaskClient) -> None:
    add(app, "Chicago")
    before = client.get(PAGE)
    assert "Set-Cookie" not in before.headers
    assert client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    add(app, "Peoria", name="Alder School")
    assert client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
