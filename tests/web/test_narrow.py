"""Further wishes: offered from the list, nothing required, each one in the list's basis and on the last page."""

from decimal import Decimal

import pytest
from flask import Flask

from leadgen.extensions import db
from leadgen.models import Inquiry, Offering
from tests.inquiries import add_school
from tests.web.visitor import Visitor
from tests.web.workplace import database

NOTHING = {"max_cost": "", "max_months": "", "start_within": "", "language": ""}


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Before the list: cheap and in the evening, dear and in the daytime, and a school that says nothing."""
    with database(app) as session:
        for name in ("cheap", "dear", "silent"):
            add_school(session, name)
        for name, cost, schedule in (
            ("cheap", "9000", ("evening",)),
            ("dear", "20000", ("day",)),
            ("silent", None, None),
        ):
            offering = session.query(Offering).filter_by(school_id=name).one()
            offering.tuition_usd, offering.schedule = (Decimal(cost) if cost else None), schedule
        session.commit()
    return Visitor(app)


def list_ids(text: str) -> set[str]:
    return {name for name in ("cheap", "dear", "silent") if f'value="{name}"' in text}


def test_nothing_is_required(visitor: Visitor) -> None:
    assert list_ids(visitor.reach_list().text) == {"cheap", "dear", "silent"}
    assert "Narrow<span" in visitor.get("/inquiry/schools").text
    assert visitor.post("/inquiry/wishes", NOTHING).location == "/inquiry/schools"
    assert list_ids(visitor.get("/inquiry/schools").text) == {"cheap", "dear", "silent"}


def test_a_wish_shortens_the_list_is_said_and_can_be_changed(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.post("/inquiry/wishes", NOTHING | {"max_cost": "$12,000", "schedules": ["evening", "weekend"]})
    page = visitor.get("/inquiry/schools").text
    assert list_ids(page) == {"cheap"}
    assert "At most $12,000 in all, evening or weekend classes" in page
    assert "Costs $9,000, within the $12,000 you asked for" in page
    form = visitor.get("/inquiry/wishes").text
    assert 'value="12,000"' in form
    visitor.post("/inquiry/wishes", NOTHING)
    assert list_ids(visitor.get("/inquiry/schools").text) == {"cheap", "dear", "silent"}


def test_a_time_to_start_is_neither_an_hour_of_the_day_nor_a_time_from_now_in_spanish(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.spoken = "/es"
    starts = visitor.get("/inquiry/wishes").text.partition('id="start_within"')[2].partition("</select>")[0]
    assert "Cualquier fecha de inicio" in starts
    assert "En un plazo de 3 meses" in starts
    assert "En un plazo de 1 año" in starts


def test_a_school_that_has_not_said_comes_close(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.post("/inquiry/wishes", NOTHING | {"max_cost": "12000"})
    assert "Has not said what it costs" in visitor.get("/inquiry/schools").text


def test_where_nothing_fits_she_may_allow_more(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.post("/inquiry/wishes", NOTHING | {"max_cost": "1"})
    assert "Allow more: cost, length" in visitor.get("/inquiry/schools").text


def test_wishes_are_on_the_last_page_and_go_with_the_inquiry(app: Flask, visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.post("/inquiry/wishes", NOTHING | {"max_cost": "12000", "start_within": ""})
    visitor.tick("cheap")
    visitor.give_details("cheap")
    assert "At most $12,000 in all" in visitor.get("/inquiry/check").text
    visitor.post("/inquiry/check", {"form_token": visitor.read_token()})
    with database(app):
        assert db.session.query(Inquiry).one().criteria["max_cost_usd"] == 12000


@pytest.mark.parametrize("typed", ["cheap", "-5", "12,00", "1e5", "99999999"])
def test_what_is_no_amount_is_said_beside_the_field_and_nothing_is_kept(visitor: Visitor, typed: str) -> None:
    visitor.reach_list()
    answer = visitor.post("/inquiry/wishes", NOTHING | {"max_cost": typed})
    assert answer.status_code == 422
    assert "Enter whole dollars up to 1,000,000, like 12,000, or leave it empty" in answer.text
    assert list_ids(visitor.get("/inquiry/schools").text) == {"cheap", "dear", "silent"}


def test_who_has_no_list_yet_is_led_to_the_first_open_question(visitor: Visitor) -> None:
    visitor.start()
    assert visitor.get("/inquiry/wishes").location == "/inquiry/goals"
