"""The template language of a map: text with holes like ``{{ phone | national }}``. Pure.

It has names, formats and value tables, and nothing else: no expressions, no loops, no code. What comes of it is bounded
by what goes in, and a template takes time in proportion to its length.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from leadgen.delivery.posting.fields import SECRET
from leadgen.delivery.posting.formats import FORMATS
from leadgen.marks import Said, say

MAP = "map"
OTHERS = "*"  # the line of a value table for every value that it does not name

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_.]*")
_SECRET_NAME = re.compile(r"secret\.[a-z][a-z0-9_]{0,39}")
_STEP = re.compile(r'\s*([a-z0-9_]+)\s*(?::\s*(?:"([^"]*)"|([^"|]*?)))?\s*')
_PIPE = re.compile(r'\|(?=(?:[^"]*"[^"]*")*[^"]*$)')

Tables = Mapping[str, Mapping[str, str]]


class TemplateError(ValueError):
    """A template cannot be read. ``words`` say what is wrong and how to mend it."""

    def __init__(self, words: Said) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Hole:
    """One of our fields, or a secret, with the formats that it goes through: (name, argument)."""

    name: str
    steps: tuple[tuple[str, str], ...] = ()


Template = tuple[str | Hole, ...]


@lru_cache(maxsize=4096)
def read_template(text: str) -> Template:
    """The pieces of a template, in order. Raises TemplateError."""
    pieces: list[str | Hole] = []
    for number, piece in enumerate(_HOLE.split(text)):
        if number % 2:
            pieces.append(_read_hole(piece))
        elif "{{" in piece or "}}" in piece:
            raise TemplateError(say("Close every {{ with }}: like {{ first_name }}."))
        elif piece:
            pieces.append(piece)
    return tuple(pieces)


def list_holes(text: str) -> list[Hole]:
    """The holes of a template. Raises TemplateError."""
    return [piece for piece in read_template(text) if isinstance(piece, Hole)]


def list_secrets(text: str) -> set[str]:
    """The names of the secrets that a template uses. Raises TemplateError."""
    return {hole.name.removeprefix(SECRET) for hole in list_holes(text) if hole.name.startswith(SECRET)}


def check_holes(text: str, known: Mapping[str, str], tables: Tables) -> None:
    """Raises TemplateError where a name is not ``known`` (a secret may have any), or a value table is not there."""
    for hole in list_holes(text):
        if not hole.name.startswith(SECRET) and hole.name not in known:
            raise TemplateError(_suggest(hole.name, known))
        for step, argument in hole.steps:
            if step == MAP and argument not in tables:
                raise TemplateError(say("There is no value table %(table)s. Add it below.", table=argument))


def render(text: str, fields: Mapping[str, str], tables: Tables) -> str:
    """The text with its holes filled. A name that ``fields`` lack is empty. Raises TemplateError."""
    return "".join(piece if isinstance(piece, str) else _fill(piece, fields, tables) for piece in read_template(text))


def _read_hole(text: str) -> Hole:
    name, *steps = (part.strip() for part in _PIPE.split(text))
    if not _NAME.fullmatch(name) or (name.startswith(SECRET) and not _SECRET_NAME.fullmatch(name)):
        raise TemplateError(say("Enter one of our fields between {{ and }}, not “%(text)s”.", text=name))
    return Hole(name, tuple(_read_step(step) for step in steps))


def _read_step(text: str) -> tuple[str, str]:
    read = _STEP.fullmatch(text)
    if read is None:
        raise TemplateError(say("“%(text)s” is no format. Write it like date:MM/DD/YYYY.", text=text))
    name, argument = read[1], read[2] if read[2] is not None else (read[3] or "").strip()
    if name == MAP:
        return name, argument
    if name not in FORMATS:
        raise TemplateError(_suggest_format(name))
    if not FORMATS[name].is_argument(argument):
        expected = FORMATS[name].argument
        raise TemplateError(
            say("%(format)s takes after its colon: %(expected)s.", format=name, expected=say(expected))
            if expected
            else say("%(format)s takes nothing after it.", format=name)
        )
    return name, argument


def _fill(hole: Hole, fields: Mapping[str, str], tables: Tables) -> str:
    value = fields.get(hole.name, "")
    for step, argument in hole.steps:
        if step == MAP:
            value = _translate(value, tables.get(argument, {}))
        elif value or step == "default":
            value = FORMATS[step].write(value, argument)
    return value


def _translate(value: str, table: Mapping[str, str]) -> str:
    """A value, or each of several joined by commas, as the table has it; what it does not name stays as it is."""
    if value in table or not value:
        return table.get(value, "")
    known: Callable[[str], str] = lambda item: table.get(item, table.get(OTHERS, item))  # noqa: E731 - used twice
    return ",".join(map(known, value.split(",")))


def _suggest(name: str, known: Mapping[str, str]) -> Said:
    close = get_close_matches(name, known, 1, 0.5)
    if close:
        return say("We have no field %(name)s here. Did you mean %(close)s?", name=name, close=close[0])
    return say("We have no field %(name)s here. The list of our fields is below.", name=name)


def _suggest_format(name: str) -> Said:
    close = get_close_matches(name, [*FORMATS, MAP], 1, 0.5)
    if close:
        return say("There is no format %(name)s. Did you mean %(close)s?", name=name, close=close[0])
    return say("There is no format %(name)s. The list of formats is below.", name=name)
