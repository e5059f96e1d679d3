"""Words in the reader's language. English is what stands in the code; `make messages` gathers it for translators.

Templates use ``_()`` and ``{% trans %}``; what is read at import, as tables and labels of forms are, `lazy_gettext`."""

from enum import StrEnum
from gettext import NullTranslations
from typing import cast

import flask_babel
from flask import Flask, current_app, g, has_app_context
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from leadgen.marks import Day, Said
from leadgen.web.catalogue import TRANSLATIONS, read_catalogue
from leadgen.web.days import write_day
from leadgen.web.names import find_name


def register(app: Flask) -> None:
    """Let templates find the catalog as `gettext` does, and give them the filters `translated`, `named`, `headed`."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: _find_catalog().gettext(words),
        ngettext=lambda one, many, number: _find_catalog().ngettext(one, many, number),
        newstyle=True,
    )
    # Jinja's own alias calls through two more functions, each with the context, for every word of a page
    app.jinja_env.globals["_"] = _mark_up
    app.add_template_filter(translate, "translated")
    app.add_template_filter(name_code, "named")
    app.add_template_filter(head_code, "headed")


def gettext(words: str, /, **facts: object) -> str:
    """``words`` translated now, with ``%(name)s`` filled in."""
    said = _find_catalog().gettext(words)
    return said % facts if facts else said


def ngettext(one: str, many: str, number: int, /, **facts: object) -> str:
    """``one`` or ``many``, as the language has it for ``number``, which is ``%(num)s`` in both."""
    return _find_catalog().ngettext(one, many, number) % {"num": number, **facts}


def lazy_gettext(words: str, /, **facts: object) -> str:
    """``words`` marked here and translated on every showing. Typed as the string it stands for; ``str()`` makes one of
    it, which ``str.join`` and dictionary keys ask for."""
    return cast(str, Later(gettext, words, **facts))


class Later(LazyString):  # type: ignore[misc]
    """Escaped on a page like any other text; the library's own class passes as markup."""

    def __html__(self) -> Markup:
        return escape(str(self))


def find_language() -> str:
    """The code of the reader's language."""
    locale = flask_babel.get_locale()
    return str(locale.language) if locale else "en"


def translate(words: str) -> str:
    """Words that `leadgen.marks` only marked or said, put into the reader's language now; lazy ones are already."""
    if isinstance(words, Later):
        return str(words)
    if isinstance(words, Day):
        return write_day(words.day)
    if isinstance(words, Said):
        return gettext(words.words, **{name: _translate_fact(fact) for name, fact in words.facts.items()})
    return gettext(words) if words else ""


def say_error(error: Exception) -> str:
    """What an error says, in the reader's language: the one way from an error to a page."""
    said = error.args[0] if error.args else ""
    return translate(said) if isinstance(said, str | Later) else str(error)


def name_code(code: str) -> str:
    """A code of a table in the reader's words, as in mid-sentence: `form post` for ``form_post``."""
    kind, colon, about = code.partition(":")
    return gettext(find_name(kind)) + colon + about


def head_code(code: str) -> str:
    """A code of a table in the reader's words, with a capital: `Form post` for ``form_post``."""
    name = name_code(code)
    return name[:1].upper() + name[1:]


def _translate_fact(fact: object) -> object:
    if isinstance(fact, StrEnum):
        return name_code(fact)
    return translate(fact) if isinstance(fact, Said | Day | Later) else fact


def _mark_up(words: str, /, **facts: object) -> Markup:
    """`gettext` as templates have it: the words are markup, what is filled in is escaped."""
    return Markup(_find_catalog().gettext(words)) % facts  # noqa: S704 - words of our own templates


def _find_catalog() -> NullTranslations:
    """The catalog of this request's language, looked up once and not for every word."""
    if not has_app_context():
        return NullTranslations()
    found: NullTranslations | None = g.get("catalog")
    if found is None:
        folder = current_app.extensions.get("leadgen.translations", TRANSLATIONS)
        found = g.catalog = read_catalogue(find_language(), folder)
    return found
