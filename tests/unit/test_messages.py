"""The catalogue for translators holds what is marked in the code, and nothing else."""

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.words.gather import CATALOGUE, ROOT, SPANISH, gather, keep_in_step

LETTERS = ROOT / "templates" / "letters"
GUIDES = ROOT / "leadgen" / "guides" / "programs"
FROM_NOW = re.compile(r"dentro\s+de\s+(\d+|%\(\w+\)s|\{\{).{20}", re.IGNORECASE | re.DOTALL)


def test_catalogue_holds_the_words_of_the_code() -> None:
    assert gather() == CATALOGUE.read_text(), "words have changed: run `make messages`"


def test_the_spanish_catalogue_has_the_same_words_and_no_others() -> None:
    kept = keep_in_step(CATALOGUE.read_text(), SPANISH.read_text())
    assert kept == SPANISH.read_text(), "words have changed: run `make messages`"


def test_catalogue_names_no_machine_and_no_date() -> None:
    text = CATALOGUE.read_text()
    assert str(ROOT) not in text
    assert "POT-Creation-Date" not in text


def test_every_named_variable_is_named_once_and_well() -> None:
    with CATALOGUE.open("rb") as file:
        catalog = read_po(file)
    assert len(catalog) > 1000
    assert not [message.id for message in catalog if list(message.check())]


def test_every_word_is_in_spanish_and_none_is_a_guess() -> None:
    lacking = [message.id for message in read_spanish() if message.fuzzy or not all(list_texts(message.string))]
    assert lacking == []


def test_what_is_filled_in_and_what_is_marked_up_is_the_same_in_spanish() -> None:
    """A plural may leave out a figure that its one says in words, and no more."""
    broken = []
    for message in read_spanish():
        for english, spanish in zip(list_texts(message.id), list_texts(message.string), strict=True):
            if list_parts(english) != list_parts(spanish):
                broken.append((english, spanish))
    assert broken == []


def test_a_sentence_ends_in_spanish_as_it_does_in_english() -> None:
    ends = [
        (english, spanish)
        for message in read_spanish()
        for english, spanish in zip(list_texts(message.id), list_texts(message.string), strict=True)
        if (english[-1] in ".:") != (spanish[-1] in ".:") or english[:1].isspace() != spanish[:1].isspace()
    ]
    assert ends == []


def test_a_time_within_which_something_holds_is_not_a_time_from_now_in_spanish() -> None:
    """“Dentro de 15 minutos” is when 15 minutes have passed; within them is “en un plazo de”."""
    texts = [text for message in read_spanish() for text in list_texts(message.string)]
    files = [*LETTERS.glob("**/es/*"), *LETTERS.glob("*.es.*"), *GUIDES.glob("*.es.md")]
    assert len(files) > 30
    texts += [path.read_text() for path in files]
    assert [found[0] for text in texts for found in FROM_NOW.finditer(text)] == []


def read_spanish() -> Iterator[Message]:
    with SPANISH.open("rb") as file:
        catalog = read_po(file, locale="es")
    assert not catalog.obsolete
    return (message for message in catalog if message.id)


def list_texts(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def list_parts(text: str) -> Counter[str]:
    """What is filled in, and the marks of HTML."""
    return Counter(re.findall(r"%\(\w+\)s|</?\w+", text))
