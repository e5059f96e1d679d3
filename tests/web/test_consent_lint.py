"""No page asks for consent without all that a consent needs. `make check` runs this."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from leadgen.intake.lint_consent import lint_consent
from leadgen.models import Consent
from tests.inquiries import add_school
from tests.web.asked import Asked, asked
from tests.web.visitor import Visitor
from tests.web.workplace import database

__all__ = ["asked"]  # a fixture, used by name

SCHOOLS = {"larkspur": "Larkspur Institute", "bramble": "Bramble Institute"}


@pytest.fixture
def shown(app: Flask) -> tuple[str, dict[str, str]]:
    """The last page before two schools get her details, and the words for each."""
    return show_last_page(app)


def show_last_page(app: Flask, spoken: str = "") -> tuple[str, dict[str, str]]:
    with database(app) as session:
        for school in SCHOOLS:
            add_school(session, school)
    visitor = Visitor(app, spoken=spoken)
    token = visitor.reach_check(*SCHOOLS, ways=["email", "call", "text"])
    page = visitor.get("/inquiry/check").text
    visitor.send(token)
    with database(app) as session:
        words = {SCHOOLS[row.school_id]: row.words for row in session.scalars(select(Consent))}
    return page, words


def test_the_last_page_has_all_that_a_consent_needs(shown: tuple[str, dict[str, str]]) -> None:
    page, words = shown
    assert set(words) == set(SCHOOLS.values())
    assert lint_consent(page, words) == []


def test_the_last_page_in_spanish_has_it_too(app: Flask) -> None:
    page, words = show_last_page(app, "/es")
    assert all("puede comunicarse conmigo" in each for each in words.values())
    assert lint_consent(page, words) == []


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("No tengo que aceptar para ver escuelas ni para inscribirme", "no condition of anything"),
        ("puedo retirar este consentimiento en cualquier momento", "how to withdraw"),
        ("por correo electrónico, llamada telefónica y mensaje de texto", "in which ways"),
        ("Enviar mis datos a 2 escuelas", "there are 0"),
    ],
)
def test_a_page_in_spanish_that_lacks_something_is_refused(app: Flask, gone: str, said: str) -> None:
    page, words = show_last_page(app, "/es")
    cut = {name: text.replace(gone, "") for name, text in words.items()}
    assert any(said in sentence for sentence in lint_consent(page.replace(gone, ""), cut))


def test_the_page_that_asks_about_one_more_school_has_it_too(asked: Asked) -> None:
    asked.ask()
    page = asked.open().text
    asked.answer("yes")
    with database(asked.app) as session:
        words = session.scalars(select(Consent.words).where(Consent.school_id == "harebell")).one()
    assert lint_consent(page, {"Harebell Institute": words}) == []


Break = Callable[[str], str]


def _put(old: str, new: str) -> Break:
    return lambda page: page.replace(old, new)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_put("Bramble Institute may contact me", "Partners may contact me"), "do not stand on the page"),
        (_put('class="panel measure agreed"', 'class="panel"'), "0 panels of words for 2 schools"),
        (_put('agreed"><h3>', 'agreed"><h3 class="small">'), "small, pale or hidden"),
        (_put("Send my details to 2 schools", "Submit"), "does not say what it does"),
        (_put("Send my details to 2 schools", "Go"), "there are 0"),
        (_put("<h1>", '<input type="checkbox" checked><h1>'), "ticked for her"),
        (_put("<h1>", "<p>Hurry, only 2 left</p><h1>"), "presses her"),
    ],
)
def test_a_page_that_lacks_something_is_refused(shown: tuple[str, dict[str, str]], change: Break, said: str) -> None:
    page, words = shown
    assert any(said in sentence for sentence in lint_consent(change(page), words))


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("I do not have to agree in order to see schools or to enroll, and", "no condition of anything"),
        ("I can withdraw at any time on the page that my confirmation email links to", "how to withdraw"),
        ("by email, phone call and text message", "in which ways"),
        ("Larkspur Institute", "do not name it"),
    ],
)
def test_words_that_lack_something_are_refused(shown: tuple[str, dict[str, str]], gone: str, said: str) -> None:
    page, words = shown
    cut = {name: text.replace(gone, "") for name, text in words.items()}
    assert any(said in sentence for sentence in lint_consent(page.replace(gone, ""), cut))
