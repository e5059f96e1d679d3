"""Sentences that stages say: English wherever nobody translates them, and anew in another language where one does."""

import pickle
from collections.abc import Iterator
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import Babel

from leadgen.marks import say
from leadgen.matching.course import say_wishes
from leadgen.matching.criteria import Criteria
from leadgen.web.translate import lazy_gettext, say_error, translate
from tests.words.pseudo import speak_pseudo


class Stand(StrEnum):
    held = "held"


@pytest.fixture
def pseudo(tmp_path: object) -> Iterator[None]:
    app = Flask("said")
    Babel(app)
    speak_pseudo(app, tmp_path)  # type: ignore[arg-type]
    with app.test_request_context():
        yield


REFUSED = "This letter is %(state)s by now. Nothing was changed."


def test_what_is_said_is_the_english_sentence() -> None:
    assert say(REFUSED, state=Stand.held) == "This letter is held by now. Nothing was changed."
    assert str(ValueError(say("Enter 100% of it"))) == "Enter 100% of it"


@pytest.mark.usefixtures("pseudo")
def test_a_page_says_it_in_its_language_with_the_name_of_a_state() -> None:
    assert translate(say(REFUSED, state=Stand.held)) == "⟦This letter is ⟦held⟧ by now. Nothing was changed.⟧"


@pytest.mark.usefixtures("pseudo")
def test_what_was_said_in_a_sentence_is_translated_and_what_a_person_typed_is_not() -> None:
    inner = say("%(latest)s Nothing was changed.", latest=say("This lead was released already."))
    assert translate(inner) == "⟦⟦This lead was released already.⟧ Nothing was changed.⟧"
    typed = say("We do not know %(typed)s. Did you mean one of these?", typed="held")
    assert translate(typed) == "⟦We do not know held. Did you mean one of these?⟧"


@pytest.mark.usefixtures("pseudo")
def test_her_wishes_are_told_in_the_language_down_to_the_times_of_classes() -> None:
    wishes = say_wishes(Criteria("p", "60601", max_months=1, schedules=("day", "evening", "weekend")))
    assert wishes == ("at most 1 month", "day, evening or weekend classes")
    length, times = map(translate, wishes)
    assert length == "⟦at most 1 month⟧"
    assert times == "⟦⟦⟦⟦day⟧, ⟦evening⟧⟧ or ⟦weekend⟧⟧ classes⟧"


@pytest.mark.usefixtures("pseudo")
def test_an_error_is_shown_in_the_language() -> None:
    assert say_error(LookupError(say("The consent was withdrawn. Nothing was changed."))).startswith("⟦")
    assert say_error(LookupError(lazy_gettext("held"))) == "⟦held⟧"
    assert say_error(LookupError()) == ""
    assert say_error(LookupError(7)) == "7"


@pytest.mark.usefixtures("pseudo")
def test_nothing_is_translated_to_nothing() -> None:
    assert translate("") == ""


def test_what_is_said_keeps_its_words_on_the_way_to_another_process() -> None:
    said = pickle.loads(pickle.dumps(say(REFUSED, state="held")))
    assert (said, said.words, said.facts) == (say(REFUSED, state="held"), REFUSED, {"state": "held"})
