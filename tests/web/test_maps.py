"""The maps on the pages: the numbers of the list, the same facts in words, and nothing that the policy blocks."""

import re

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.models import Campus, Offering
from tests.inquiries import add_school
from tests.web.desk import make_desk
from tests.web.visitor import Visitor
from tests.web.workplace import database, sign_in


@pytest.fixture
def schools(session: Session) -> None:
    """One school in Chicago, another in Evanston."""
    add_school(session, "larkspur")
    add_school(session, "bramble")
    for table in (Campus, Offering):
        session.execute(update(table).where(table.school_id == "bramble").values(latitude=42.0451, longitude=-87.6877))
    session.execute(update(Campus).where(Campus.school_id == "bramble").values(city="Evanston"))
    session.commit()


def read_map(page: str) -> str:
    (svg,) = re.findall(r'<svg viewBox="0 0 400 320".*?</svg>', page, re.DOTALL)
    return str(svg)


def read_numbers(svg: str) -> list[str]:
    return sorted(re.findall(r'class="number"[^>]*>([^<]+)<', svg))


def test_the_map_beside_the_list_has_the_numbers_of_the_cards(app: Flask, schools: None) -> None:
    answer = Visitor(app).reach_list()
    svg = read_map(answer.text)
    assert read_numbers(svg) == ["1", "2"]
    for number, name in re.findall(r'<tr><th scope="row">(\d)\. ([^<]+)<br>', answer.text):
        assert f"<title>{number}. {name}, " in svg
    assert 'class="reach"' in svg


def test_the_map_needs_no_script_no_inline_style_and_no_address(app: Flask, schools: None) -> None:
    answer = Visitor(app).reach_list()
    svg = read_map(answer.text)
    assert not re.search(r"style=|<style|<script|href|src=|url\(", svg)
    assert "60601" not in answer.request.url


def test_the_desk_shows_her_place_and_the_schools_shown_by_rank(app: Flask, schools: None) -> None:
    desk = make_desk(app, "larkspur", "bramble")
    page = desk.page()
    assert read_numbers(read_map(page)) == ["1", "2"]
    assert "Map: 60601 (Chicago, IL)" in page
    assert re.search(r"<li>\d\. Bramble Institute, Evanston, IL, [^<]+, chosen</li>", page)


def test_a_place_that_is_not_known_any_more_leaves_the_page_without_a_map(app: Flask, schools: None) -> None:
    desk = make_desk(app, "larkspur")
    with database(app) as session:
        session.connection().exec_driver_sql("UPDATE inquiry SET zip = '00000'")
        session.commit()
    assert "Map of the schools shown" not in desk.page()


@pytest.mark.parametrize(("miles", "circles"), [(40, 1), (None, 0)])
def test_a_school_page_draws_its_campuses_and_the_area_they_serve(
    app: Flask, schools: None, session: Session, miles: int | None, circles: int
) -> None:
    session.execute(update(Offering).where(Offering.school_id == "bramble").values(service_miles=miles))
    session.commit()
    page = sign_in(app, "rita@firststep.example", RoleName.reviewer).get("/desk/schools/bramble").text
    svg = read_map(page)
    assert read_numbers(svg) == ["1"]
    assert svg.count('class="reach"') == circles
    assert ("<li>1. Main, Evanston, IL: takes people within 40 miles</li>" in page) is bool(circles)


def test_a_campus_that_was_retired_is_on_no_map(app: Flask, schools: None, session: Session) -> None:
    session.execute(update(Campus).where(Campus.school_id == "bramble").values(retired_at=now(session)))
    session.commit()
    page = sign_in(app, "rita@firststep.example", RoleName.reviewer).get("/desk/schools/bramble").text
    assert 'viewBox="0 0 400 320"' not in page
