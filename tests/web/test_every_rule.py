"""Every offering with every rule at the desk: for an inquiry, and for criteria that staff type."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from leadgen.matching.rules import Rule
from leadgen.models import Offering
from leadgen.web.desk.every_rule import FITS, RULE_NAMES, RULE_WORDS, SHOWN
from tests.web.desk import Desk, add_far_school, make_desk, schools
from tests.web.workplace import database

WHAT_IF = "/desk/what-if?program=medical-billing-and-coding&zip=60601"


__all__ = ["schools"]  # a fixture, used by name


@pytest.fixture
def desk(app: Flask, schools: None) -> Desk:
    """A desk whose directory has a school in Los Angeles too."""
    with database(app) as session:
        add_far_school(session)
    return make_desk(app, "larkspur")


def ask(desk: Desk, more: str = "") -> str:
    return desk.rita.get(WHAT_IF + more).text


def test_every_offering_is_there_with_every_rule_its_value_and_the_first_that_fails(desk: Desk) -> None:
    page = desk.page("/why-not")
    assert "Larkspur Institute" in page
    assert "Faraway Institute" in page
    assert "Fails first by distance" in page
    assert re.search(r"Distance <b>[\d,]+\.\d miles</b>: [\d,]+\.\d miles away, more than the", page)
    assert re.search(r"Judged by version \d+ of the directory", page)
    assert "On the list shown" in page


def test_the_list_is_narrowed_by_rule_by_school_and_to_what_one_rule_alone_keeps_out(desk: Desk) -> None:
    assert "Faraway Institute" in ask(desk, "&rule=distance&only=1")
    assert "Larkspur Institute" not in ask(desk, "&rule=distance")
    assert "Faraway Institute" in ask(desk, "&school=FARAWAY")
    assert "Larkspur Institute" not in ask(desk, "&school=faraway")
    with database(desk.app) as session:
        session.execute(update(Offering).where(Offering.school_id == "faraway").values(credential="associate"))
        session.commit()
    assert "Faraway Institute" in ask(desk, "&credential=certificate&rule=distance")
    assert "Faraway Institute" not in ask(desk, "&credential=certificate&rule=distance&only=1")


def test_the_criteria_stay_while_the_list_is_narrowed(desk: Desk) -> None:
    page = ask(desk, "&within=100&schedules=day&schedules=evening")
    links = [link for link in re.findall(r'href="([^"]+)"', page) if "rule=" in link]
    assert links
    assert all("within=100" in link and "schedules=day" in link and "schedules=evening" in link for link in links)
    assert page.count('type="hidden" name="schedules"') == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("&age=x", "Not a valid integer value"),
        ("&age=500", "Age: enter a number from 0 to 120"),
        ("&within=7", "Distance: choose from the list"),
        ("&start_by=soon", "Not a valid date value"),
    ],
)
def test_what_is_typed_wrongly_is_said(desk: Desk, more: str, said: str) -> None:
    page = ask(desk, more)
    assert said in page
    assert "Larkspur Institute" not in page


def test_a_zip_code_that_cannot_be_placed_is_said(desk: Desk) -> None:
    for zip_code, said in (("2139", "five digits"), ("00000", "We do not know the ZIP code"), ("", "Enter a ZIP code")):
        answer = desk.rita.get(f"/desk/what-if?program=medical-billing-and-coding&zip={zip_code}")
        assert answer.status_code == 200
        assert said in answer.text


def test_a_place_may_be_typed_by_its_name_and_of_several_all_are_said(desk: Desk) -> None:
    path = "/desk/what-if?program=medical-billing-and-coding&zip="
    assert "Chicago, IL. Judged by" in desk.rita.get(path + "chicago, illinois").text
    several = desk.rita.get(path + "Springfield").text
    assert "There is more than one Springfield. Say which you mean: Springfield, " in several
    assert "; Springfield, Missouri" in several


def test_the_form_stands_alone_until_something_is_asked(desk: Desk) -> None:
    page = desk.rita.get("/desk/what-if?program=phlebotomy").text
    assert "What if somebody asked for this" in page
    assert re.search(r'value="phlebotomy" selected', page)
    assert desk.rita.get(WHAT_IF + "&rule=x").status_code == 404


def test_every_rule_has_a_name_and_words() -> None:
    assert set(RULE_NAMES) == set(Rule)
    assert set(RULE_WORDS) == {*Rule, FITS, SHOWN}
