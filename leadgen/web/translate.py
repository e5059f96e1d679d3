"""Words in the reader's language. English is what stands in the code; `make messages` gathers it for translators.

Templates use ``_()`` and ``{% trans %}``; what is read at import, as tables and labels of forms are, `lazy_gettext`."""

from typing import cast

import flask_babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape


def gettext(words: str, /, **facts: object) -> str:
    """``words`` translated now, with ``%(name)s`` filled in."""
    return cast(str, flask_babel.gettext(words, **facts))


def ngettext(one: str, many: str, number: int, /, **facts: object) -> str:
    """``one`` or ``many``, as the language has it for ``number``, which is ``%(num)s`` in both."""
    return cast(str, flask_babel.ngettext(one, many, number, **facts))


def lazy_gettext(words: str, /, **facts: object) -> str:
    """``words`` marked here and translated on every showing. Typed as the string it stands for; ``str()`` makes one of
    it, which ``str.join`` and dictionary keys ask for."""
    return cast(str, Later(flask_babel.gettext, words, **facts))


class Later(LazyString):  # type: ignore[misc]
    """Escaped on a page like any other text; the library's own class passes as markup."""

    def __html__(self) -> Markup:
        return escape(str(self))


def translate(words: str) -> str:
    """Words that `leadgen.marks` only marked, put into the reader's language now; lazy ones are already."""
    return str(words) if isinstance(words, Later) else gettext(words)
