"""The catalogue for translators holds what is marked in the code, and nothing else."""

from babel.messages.pofile import read_po

from tests.words.gather import CATALOGUE, ROOT, gather


def test_catalogue_holds_the_words_of_the_code() -> None:
    assert gather() == CATALOGUE.read_text(), "words have changed: run `make messages`"


def test_catalogue_names_no_machine_and_no_date() -> None:
    text = CATALOGUE.read_text()
    assert str(ROOT) not in text
    assert "POT-Creation-Date" not in text


def test_every_named_variable_is_named_once_and_well() -> None:
    with CATALOGUE.open("rb") as file:
        catalog = read_po(file)
    assert len(catalog) > 1000
    assert not [message.id for message in catalog if list(message.check())]
