"""On which line of a JSON text something stands, so that a mistake is shown where it was typed. Pure."""

import json
import re

Where = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def find_line(text: str, where: Where) -> int:
    """The line, from 1, of the part of a readable JSON text to which ``where`` leads; of what holds it, where the part
    itself is missing."""
    return text.count("\n", 0, _find(text, _skip(text, 0), where)) + 1


def _find(text: str, start: int, where: Where) -> int:
    if not where or text[start] not in "{[":
        return start
    is_object, position, number = text[start] == "{", _skip(text, start + 1), 0
    while text[position] not in "}]":
        here, name = position, str(number)
        if is_object:
            name, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)  # the colon
        if name == str(where[0]):
            return _find(text, position, where[1:]) if len(where) > 1 else here
        position, number = _skip(text, _DECODER.raw_decode(text, position)[1]), number + 1
        position = _skip(text, position + 1) if text[position] == "," else position
    return start


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
