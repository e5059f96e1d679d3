"""A language made by putting every marked word between brackets: what stands outside them was not translated."""

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import get_domain

from tests.words.gather import CATALOGUE

LANGUAGE = "eo"
READ_BY_PEOPLE = {"title", "aria-label", "placeholder", "alt", "data-label", "label"}
# what somebody agreed to is quoted as it was
SILENT = {"script", "style", "code", "kbd", "blockquote"}
APART = {"option", "td", "th", "li", "dt", "dd", "text", "title", "desc"}


def speak_pseudo(app: Flask, folder: Path) -> None:
    """Let every page of ``app`` be in that language."""
    with CATALOGUE.open("rb") as file:
        words = read_po(file)
    catalog = Catalog(locale=LANGUAGE)
    for message in words:
        if isinstance(message.id, tuple):
            catalog.add(message.id, tuple(f"⟦{each}⟧" for each in message.id))
        elif message.id:
            catalog.add(message.id, f"⟦{message.id}⟧")
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    babel = app.extensions["babel"]
    babel.translation_directories = [str(folder)]
    babel.locale_selector = lambda: LANGUAGE
    with app.app_context():
        get_domain().cache.clear()


def find_untranslated(page: str) -> set[str]:
    """The runs of text that stand outside the brackets, read as a person reads the page."""
    reader = _Reader()
    reader.feed(page)
    text = "".join(reader.read)
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    return {" ".join(run.split()) for run in re.split(r"[\n|]", text) if re.search(r"[^\W\d_]{2,}", run)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        self.read += [f"|{value}|" for name, value in attrs if name in READ_BY_PEOPLE and value]

    def handle_endtag(self, tag: str) -> None:
        self.read.append("\n" if tag in APART else "")
        if tag in SILENT:
            self._silent.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.read.append(data)
