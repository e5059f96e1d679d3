"""The page about her data says what is so: how long things are kept, which cookies there are, and where she takes it
back."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from leadgen.clock import now
from leadgen.journey.own_data import ask_for_link
from leadgen.letters.compose import compose
from leadgen.models import Draft, Inquiry, Letter
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school
from tests.web.visitor import GOALS, Visitor
from tests.web.workplace import database

CHANGED = {
    "keep_inquiries_months": "7",
    "keep_drafts_hours": "5",
    "keep_saved_days": "12",
    "keep_evidence_years": "3",
}


def read(app: Flask, path: str = "/your-data") -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", app.test_client().get(path).text).split())


def test_the_page_prints_how_long_things_are_kept(app: Flask) -> None:
    words = read(app)
    assert "24 hours after you last used them; 30 days if you had a link sent" in words
    assert "2 years after it came, or until you have it erased" in words
    assert "5 years: the words" in words
    assert "never to be contacted Until you tell us otherwise, also after an erasure" in words


def test_the_page_prints_the_settings_in_both_languages(make_app: Callable[..., Flask]) -> None:
    app = make_app(**CHANGED)
    words, spanish = read(app), read(app, "/es/your-data")
    assert "7 months after it came" in words
    assert "5 hours after you last used them; 12 days if" in words
    assert "3 years: the words" in words
    assert "7 meses después de que llegó" in spanish
    assert "5 horas después de que las usó por última vez; 12 días si" in spanish


def test_where_answers_are_saved_or_gone_their_time_is_printed_too(make_app: Callable[..., Flask]) -> None:
    app = make_app(**CHANGED)
    visitor = Visitor(app)
    visitor.start()
    assert "keep your answers for 12 days" in visitor.get("/inquiry/save").text
    visitor.post("/inquiry/save", {"email": "grace@mail.example"})
    assert "within 12 days" in visitor.get("/inquiry/saved").text
    gone = Visitor(app).get("/inquiry/goals").text
    assert "for 5 hours" in gone
    assert "12 days" in gone


def test_every_cookie_that_she_gets_is_named_with_its_time(app: Flask) -> None:
    given = list_cookies(app)
    assert {name.removeprefix("__Host-") for name in given} == {
        "leadgen_session",
        "leadgen_draft",
        "leadgen_language",
        "leadgen_entry",
    }
    words = read(app)
    table = words.partition("Cookies")[2].partition("When you send a request")[0]
    for name, seconds in given.items():
        assert re.search(rf"\b{name}\b[^_]*? {TIMES[seconds]}", table), name


TIMES = {None: "Until you close the browser", str(365 * 24 * 3600): "1 year", str(30 * 60): "30 minutes"}


def list_cookies(app: Flask) -> dict[str, str | None]:
    """What a prospect is given from her first look to her own page, with its Max-Age."""
    app.config["WTF_CSRF_ENABLED"] = True
    answers = [app.test_client().get("/inquiry/start"), app.test_client().get("/en/programs")]
    app.config["WTF_CSRF_ENABLED"] = False
    with database(app) as session:
        add_school(session, "larkspur")
    visitor = Visitor(app)
    visitor.send(visitor.reach_check("larkspur"))
    with database(app) as session:
        ask_for_link(session, TEST_ENVIRONMENT["LEADGEN_SECRET_KEY"], session.scalars(select(Inquiry)).one())
        session.commit()
        letter = session.scalars(select(Letter).where(Letter.kind == "own_data")).one()
        _, text, _ = compose(session, letter)
    link = re.search(r"(/request/\w+/open/\w+)", text)
    assert link
    visitor.post(link[1])
    lines = [line for each in (*answers, *visitor.answers) for line in each.headers.getlist("Set-Cookie")]
    found = [(line.partition("=")[0], re.search(r"Max-Age=(\d+)", line)) for line in lines]
    return {name: age and age[1] for name, age in found if age is None or age[1] != "0"}


@pytest.mark.parametrize("contact", ["", "help@firststep.example"])
def test_her_own_page_is_where_she_sees_and_takes_it_back(make_app: Callable[..., Flask], contact: str) -> None:
    words = read(make_app(operator_contact=contact)).partition("Taking it back")[2]
    assert "see, change, download or erase" in words
    assert ("help@firststep.example" in words) is bool(contact)


def test_answers_are_kept_for_as_long_as_is_set(make_app: Callable[..., Flask]) -> None:
    app = make_app(**CHANGED)
    visitor = Visitor(app)
    visitor.start()
    visitor.post("/inquiry/goals", GOALS)
    assert round(read_hours_left(app)) == 5
    visitor.post("/inquiry/save", {"email": "grace@mail.example"})
    assert round(read_hours_left(app)) == 12 * 24


def read_hours_left(app: Flask) -> float:
    with database(app) as session:
        left = session.scalars(select(Draft.expires_at)).one() - now(session)
    return left.total_seconds() / 3600
