"""What a list was asked for in its address: words typed, and choices of which only those offered are taken."""

from collections.abc import Collection, Mapping

from flask import abort, request

MOST_CHARACTERS = 100


def read_words(name: str) -> str:
    """What was typed, on one line."""
    return " ".join(request.args.get(name, "").split())[:MOST_CHARACTERS]


def read_choice(name: str, offered: Collection[str]) -> str:
    """One of the choices offered, or nothing; there is no page for any other."""
    asked = request.args.get(name, "")
    return asked if not asked or asked in offered else abort(404)


def keep_arguments(asked: Mapping[str, str], **usual: str) -> dict[str, str]:
    """The arguments of the next page's address: without what is empty or as it is anyway."""
    return {name: value for name, value in asked.items() if value and usual.get(name) != value}
