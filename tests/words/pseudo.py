"""A language made by putting every marked word between brackets: what stands outside them was not translated."""

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask

from tests.words.gather import CATALOGUE

LANGUAGE = "eo"
READ_BY_PEOPLE = {"title", "aria-label", "placeholder", "alt", "data-label", "label"}
# what somebody agreed to is quoted as it was
SILENT = {"script", "style", "code", "kbd", "blockquote", "q"}
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
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    app.extensions["leadgen.translations"] = folder
    app.extensions["babel"].locale_selector = lambda: LANGUAGE


def find_untranslated(page: str) -> set[str]:
    """The runs of text that stand outside the brackets, read as a person reads the page."""
    text = read_text(page)
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    return {" ".join(run.split()) for run in re.split(r"[\n|]", text) if re.search(r"[^\W\d_]{2,}", run)}


def read_text(page: str) -> str:
    """What a page says to people, in the order of the page."""
    reader = _Reader()
    reader.feed(page)
    return "".join(reader.read)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # a word in a language of its own, as on the switch, is no word of the page's
        if tag in SILENT or (tag != "html" and "lang" in dict(attrs)):
            self._silent.append(tag)
        self.read += [f"|{value}|" for name, value in attrs if name in READ_BY_PEOPLE and value]

    def handle_endtag(self, tag: str) -> None:
        self.read.append("\n" if tag in APART else "")
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.read.append(data)
