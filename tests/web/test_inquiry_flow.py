"""The pages of an inquiry, from the ZIP box to the check page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.models import Base, Choice, Consent, Inquiry, Offering
from tests.inquiries import add_school
from tests.web.visitor import ELIGIBLE, GOALS, PERSON, PLACE, PROGRAM, Visitor, find_ticked

STEPS = ["goals", "place", "eligibility", "schools", "details", "check"]


@pytest.fixture
def schools(session: Session) -> list[str]:
    """Two schools in Chicago."""
    add_school(session, "larkspur")
    add_school(session, "bramble")
    return ["larkspur", "bramble"]


@pytest.fixture
def visitor(app: Flask, schools: list[str]) -> Visitor:
    """Somebody who has not started yet."""
    return Visitor(app)


def dump(session: Session) -> dict[str, list[Any]]:
    """Every row of every table."""
    session.rollback()
    return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


def test_whole_walk_ends_at_the_confirmation(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur", "bramble", ways=["email", "call"])
    answer = visitor.send(token)
    assert answer.status_code == 303
    page = visitor.get(answer.location)
    assert "Larkspur Institute" in page.text
    inquiry = session.scalars(select(Inquiry)).one()
    assert inquiry.reference in page.text
    assert [consent.school_id for consent in inquiry.consents] == visitor_order(session, inquiry)


def visitor_order(session: Session, inquiry: Inquiry) -> list[str]:
    return list(session.scalars(select(Choice.school_id).where(Choice.inquiry_id == inquiry.id).order_by(Choice.rank)))


def test_each_page_says_its_step_in_words(visitor: Visitor) -> None:
    visitor.reach_check("larkspur")
    for number, step in enumerate(STEPS, 1):
        assert f"Step {number} of 6" in visitor.get(f"/inquiry/{step}").text


def test_answers_are_there_after_going_back(visitor: Visitor) -> None:
    visitor.reach_check("larkspur", ways=["email", "text"])
    assert find_ticked(visitor.get("/inquiry/schools").text) == ["larkspur"]
    details = visitor.get("/inquiry/details").text
    assert "Ada Example" in details
    assert find_ticked(details) == ["evening", "email", "text"]
    assert find_ticked(visitor.get("/inquiry/eligibility").text) == ["yes", "high_school"]
    assert 'value="60601"' in visitor.get("/inquiry/place").text


def test_answers_survive_a_new_process(visitor: Visitor, make_app: Callable[..., Flask]) -> None:
    visitor.reach_check("larkspur")
    later = Visitor(make_app(), visitor.cookie)
    assert "Ada Example" in later.get("/inquiry/check").text


def test_reading_writes_nothing(visitor: Visitor, session: Session) -> None:
    visitor.reach_check("larkspur")
    before = dump(session)
    for step in [*STEPS, "start", "under-18"]:
        assert visitor.get(f"/inquiry/{step}").status_code == 200
    assert dump(session) == before


def test_nothing_is_ticked_for_her(visitor: Visitor) -> None:
    assert find_ticked(visitor.reach_list().text) == []
    visitor.tick("larkspur")
    assert find_ticked(visitor.get("/inquiry/details").text) == []


def test_list_shows_the_facts_and_the_reasons(visitor: Visitor, session: Session) -> None:
    session.execute(update(Offering).where(Offering.id == "larkspur-mbc").values(length_months=9, tuition_usd=12450))
    session.commit()
    page = visitor.reach_list().text
    assert "2 schools near you" in page
    for fact in ("$12,450", "9 months", "Certificate", "Why this school", "What to check", "does not change the order"):
        assert fact in page
    assert "not given</dd>" in page
    assert "Not given</dd>" not in page


def test_list_stays_as_shown_when_the_directory_changes(visitor: Visitor, session: Session) -> None:
    before = visitor.reach_list().text
    session.execute(update(Offering).values(length_months=3))
    session.commit()
    assert strip_tokens(visitor.get("/inquiry/schools").text) == strip_tokens(before)


def strip_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


@pytest.mark.parametrize("typed", ["2139", "00000", "", "60601-", "x" * 200])
def test_zip_that_cannot_be_placed_is_shown_again(visitor: Visitor, typed: str) -> None:
    answer = visitor.post("/inquiry/start", {"program": PROGRAM, "zip": typed})
    assert answer.status_code == 422
    assert "Please check these answers" in answer.text
    assert f'value="{typed[:80]}"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_errors_come_first_and_keep_what_was_typed(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.tick("larkspur", "bramble")
    answer = visitor.give_details("larkspur", name="Ada", email="ada at mail", phone="12", ways=["call"])
    assert answer.status_code == 422
    assert answer.text.index("Please check these answers") < answer.text.index("<h1>")
    for target in ("#email", "#phone"):
        assert f'href="{target}"' in answer.text
        assert f'id="{target[1:]}"' in answer.text
    assert 'value="ada at mail"' in answer.text
    assert find_ticked(answer.text) == ["evening", "call"]


@pytest.mark.parametrize("phone", ["555-0142", "+1 5550142", "312-555-01422", "312-555-0142 x9", "+44 20 7946 0958"])
def test_a_number_that_no_school_could_call_is_refused(visitor: Visitor, phone: str) -> None:
    visitor.reach_list()
    visitor.tick("larkspur")
    answer = visitor.give_details("larkspur", phone=phone)
    assert answer.status_code == 422
    assert "with its area code" in answer.text


@pytest.mark.parametrize(("ways", "status"), [(["email"], 303), (["call"], 422), (["email", "text"], 422)])
def test_phone_is_asked_for_only_where_a_school_may_use_it(visitor: Visitor, ways: list[str], status: int) -> None:
    visitor.reach_list()
    visitor.tick("larkspur")
    assert visitor.give_details("larkspur", ways=ways, phone="").status_code == status


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("goals", GOALS | {"program": "alchemy"}),
        ("goals", GOALS | {"credential": "doctorate"}),
        ("place", PLACE | {"zip": "1"}),
        ("place", PLACE | {"format": "post"}),
        ("place", PLACE | {"within": "7"}),
        ("eligibility", {}),
        ("eligibility", ELIGIBLE | {"adult": "perhaps"}),
        ("schools", {}),
    ],
)
def test_answer_that_is_missing_or_not_ours_is_asked_again(visitor: Visitor, path: str, fields: dict[str, Any]) -> None:
    visitor.reach_list()
    answer = visitor.post(f"/inquiry/{path}", fields)
    assert answer.status_code == 422
    assert "Please check these answers" in answer.text
    assert "alid choice" not in answer.text


def test_school_that_was_not_shown_cannot_be_ticked(visitor: Visitor, session: Session) -> None:
    visitor.reach_list()
    add_school(session, "stranger")
    answer = visitor.tick("larkspur", "stranger")
    assert answer.status_code == 422
    assert visitor.get("/inquiry/details").location == "/inquiry/schools"


def test_ways_for_a_school_without_a_tick_make_no_consent(visitor: Visitor, session: Session) -> None:
    visitor.reach_list()
    visitor.tick("larkspur")
    visitor.give_details("larkspur", "bramble")
    visitor.send(visitor.read_token())
    assert [consent.school_id for consent in session.scalars(select(Consent))] == ["larkspur"]


def test_ways_go_with_the_tick(visitor: Visitor) -> None:
    visitor.reach_check("larkspur", "bramble")
    visitor.tick("bramble")
    visitor.tick("larkspur", "bramble")
    assert visitor.get("/inquiry/check").location == "/inquiry/details"
    assert find_ticked(visitor.get("/inquiry/details").text) == ["evening", "email"]


def test_early_page_leads_to_the_first_one_not_answered(visitor: Visitor) -> None:
    visitor.start()
    for step in STEPS[1:]:
        assert visitor.get(f"/inquiry/{step}").location == "/inquiry/goals"
        assert visitor.post(f"/inquiry/{step}", {}).location == "/inquiry/goals"
    visitor.post("/inquiry/goals", GOALS)
    assert visitor.get("/inquiry/check").location == "/inquiry/place"


def test_change_goes_back_to_a_fresh_list_and_keeps_the_ticks(visitor: Visitor) -> None:
    visitor.reach_check("larkspur", "bramble")
    answer = visitor.post("/inquiry/place", PLACE | {"within": "10"})
    assert answer.location == "/inquiry/schools"
    assert "within 10 miles" in visitor.get("/inquiry/schools").text
    assert set(find_ticked(visitor.get("/inquiry/schools").text)) == {"larkspur", "bramble"}


def test_other_program_asks_again_for_certifications(visitor: Visitor) -> None:
    visitor.start()
    assert visitor.post("/inquiry/goals", GOALS | {"program": "phlebotomy"}).location == "/inquiry/goals"
    assert visitor.post("/inquiry/goals", GOALS | {"program": "phlebotomy"}).location == "/inquiry/place"


def test_under_18_gets_an_honest_page_and_gives_no_details(visitor: Visitor) -> None:
    visitor.start()
    visitor.post("/inquiry/goals", GOALS)
    visitor.post("/inquiry/place", PLACE)
    answer = visitor.post("/inquiry/eligibility", ELIGIBLE | {"adult": "no"})
    assert answer.location == "/inquiry/under-18"
    page = visitor.get("/inquiry/under-18").text
    assert "What you can do now" in page
    assert "<form" not in page
    assert visitor.get("/inquiry/details").location == "/inquiry/eligibility"
    assert visitor.post("/inquiry/details", PERSON).location == "/inquiry/eligibility"


def test_no_school_says_what_comes_closest_and_takes_no_details(visitor: Visitor) -> None:
    page = visitor.reach_list(zip="99723", format="campus", within="25").text
    assert "No school fits everything you asked for" in page
    assert "Larkspur Institute" in page
    assert "campus that fits within 25 miles of 99723. The nearest we know is " in page
    assert "<form" not in page
    assert visitor.get("/inquiry/details").location == "/inquiry/schools"


def test_no_diploma_is_told_why_nothing_fits(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.post("/inquiry/eligibility", ELIGIBLE | {"education": "none"})
    page = visitor.get("/inquiry/schools").text
    assert "No school fits" in page
    assert "Finish a GED" in page


def test_a_school_with_an_empty_box_is_off_the_list_and_the_last_page_says_so(
    visitor: Visitor, session: Session
) -> None:
    visitor.reach_list()
    visitor.tick("larkspur", "bramble")
    assert visitor.give_details("larkspur").location == "/inquiry/check"
    page = visitor.get("/inquiry/check").text
    assert "You ticked no way for Bramble Institute to contact you, so it is off your list" in page
    assert "Send my details to 1 school" in page
    assert find_ticked(visitor.get("/inquiry/schools").text) == ["larkspur"]
    visitor.send(visitor.read_token())
    assert [consent.school_id for consent in session.scalars(select(Consent))] == ["larkspur"]


def test_with_every_box_empty_she_is_back_at_the_list_and_nothing_is_kept(visitor: Visitor, session: Session) -> None:
    visitor.reach_list()
    visitor.tick("larkspur", "bramble")
    assert visitor.give_details().location == "/inquiry/schools"
    page = visitor.get("/inquiry/schools").text
    assert "You let no school contact you. Your details were not kept, and nothing was sent." in page
    assert find_ticked(page) == []
    visitor.tick("larkspur")
    assert "Ada Example" not in visitor.get("/inquiry/details").text
    assert session.scalars(select(Inquiry)).all() == []


def test_what_was_off_the_list_is_said_no_more_once_she_chose_anew(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.tick("larkspur", "bramble")
    visitor.give_details("larkspur")
    visitor.tick("larkspur")
    visitor.give_details("larkspur")
    assert "off your list" not in visitor.get("/inquiry/check").text
