"""Rendered rows as the body of a post: form-encoded, JSON nested by dotted names, or XML. Pure.

Whatever a prospect wrote is escaped by the encoder of each format; nothing is joined together by hand.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from leadgen.delivery.posting.model import As, Encoding

CONTENT_TYPES = {
    Encoding.form: "application/x-www-form-urlencoded",
    Encoding.json: "application/json",
    Encoding.xml: "application/xml; charset=utf-8",
}
ATTRIBUTE = "@"

_DOT = re.compile(r"(?<!\\)\.")
_YES = frozenset({"true", "yes", "1", "on"})
_NO = frozenset({"false", "no", "0", "off"})
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Value:
    """A row whose template was filled."""

    name: str
    text: str
    kind: As = As.text


class ShapeError(ValueError):
    """Two names cannot stand beside each other, like ``a`` and ``a.b``."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def encode(encoding: Encoding, root: str, values: Sequence[Value]) -> bytes:
    """The body. Raises ShapeError."""
    match encoding:
        case Encoding.form:
            return urlencode([(value.name, text) for value in values for text in _list_texts(value)]).encode("ascii")
        case Encoding.json:
            nested = nest([(split_name(value.name), _as_json(value)) for value in values])
            return json.dumps(nested, ensure_ascii=False).encode()
        case Encoding.xml:
            return _write_xml(root, values)


def split_name(name: str) -> list[str]:
    """The steps of a dotted name; ``\\.`` is a dot that nests nothing."""
    return [step.replace("\\.", ".") for step in _DOT.split(name)]


def nest(pairs: Sequence[tuple[list[str], Any]]) -> Any:
    """Objects inside objects; where all names of one are 0, 1, 2 …, it is a list. Raises ShapeError."""
    tree: dict[str, Any] = {}
    for steps, value in pairs:
        _put(tree, steps, value)
    return _settle(tree)


class _Branch(dict[str, Any]):
    """Told from a value, which may be an object too."""


def _put(tree: dict[str, Any], steps: list[str], value: Any) -> None:
    here: Any = tree
    for step in steps[:-1]:
        here = here.setdefault(step, _Branch())
        if not isinstance(here, _Branch):
            raise ShapeError(".".join(steps))
    if steps[-1] in here:
        raise ShapeError(".".join(steps))
    here[steps[-1]] = value


def _settle(tree: dict[str, Any]) -> Any:
    settled = {name: _settle(value) if isinstance(value, _Branch) else value for name, value in tree.items()}
    if settled and list(settled) == [str(number) for number in range(len(settled))]:
        return list(settled.values())
    return settled


def _list_texts(value: Value) -> list[str]:
    if value.kind is not As.list:
        return [value.text]
    return [item.strip() for item in value.text.split(",") if item.strip()]


def _as_json(value: Value) -> Any:
    """A value of its kind; what is no number or no yes or no goes as the text that it is."""
    if value.kind is As.list:
        return _list_texts(value)
    if value.kind is As.text:
        return value.text
    if not value.text:
        return None
    return _as_number(value.text) if value.kind is As.number else _as_boolean(value.text)


def _as_number(text: str) -> Any:
    if re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text, re.ASCII) else text


def _as_boolean(text: str) -> Any:
    word = text.strip().lower()
    return word in _YES if word in _YES | _NO else text


def _write_xml(root: str, values: Sequence[Value]) -> bytes:
    top = ElementTree.Element(root)
    for value in values:
        *path, last = split_name(value.name)
        here = top
        for step in path:
            found = next((child for child in here if child.tag == step), None)
            here = found if found is not None else ElementTree.SubElement(here, step)
        if last.startswith(ATTRIBUTE):
            here.set(last.removeprefix(ATTRIBUTE), _clean(value.text))
            continue
        for text in _list_texts(value):
            ElementTree.SubElement(here, last).text = _clean(text)
    written: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return written


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
