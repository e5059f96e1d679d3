"""A sample request out of a posting specification: raw HTTP, or a body of JSON, XML or form pairs. Pure.

Nothing of it is ever sent. XML with a DOCTYPE is not read, so there are no entities."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from lxml import etree

from leadgen.delivery.posting.encode import ATTRIBUTE
from leadgen.delivery.posting.model import As, Encoding
from leadgen.marks import Said, say

MOST_CHARACTERS = 100_000
_REQUEST_LINE = re.compile(r"(?:POST|PUT|PATCH|GET)\s+(\S+)(?:\s+HTTP/[\d.]+)?", re.IGNORECASE)
_HEADER = re.compile(r"([A-Za-z0-9-]+):[ \t]*(.*)")
_PAIRS = re.compile(r"[^\s=&]+=[^&]*(&\s*[^\s=&]+=[^&]*)*")

Pairs = tuple[tuple[str, str], ...]


class DraftError(ValueError):
    """Nothing can be drafted from it. ``words`` say what is wrong and how to mend it."""

    def __init__(self, words: Said) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Given:
    """A field of theirs with the value of the sample; ``name`` as a map writes it, with dots where it is nested."""

    name: str
    text: str
    kind: As = As.text


@dataclass(frozen=True)
class Sample:
    """What they want to be sent. ``user`` is that of basic authorization, None without."""

    address: str = ""
    headers: Pairs = ()
    encoding: Encoding = Encoding.form
    root: str = "lead"
    given: tuple[Given, ...] = ()
    user: str | None = None
    is_multipart: bool = False


def read_request(text: str) -> Sample:
    """A request with its first line and headers, or a body alone. Raises DraftError."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    first = _REQUEST_LINE.fullmatch(lines[0].strip())
    address, rest = (first[1], lines[1:]) if first else ("", lines)
    headers: list[tuple[str, str]] = []
    while (first or headers) and rest and (header := _HEADER.fullmatch(rest[0].strip())):
        headers.append((header[1], header[2].strip()))
        rest = rest[1:]
    host = next((value for name, value in headers if name.lower() == "host"), "")
    if address.startswith("/") and host:
        address = f"https://{host}{address}"
    return replace(read_body("\n".join(rest), tuple(headers)), address=address, headers=tuple(headers))


def read_body(body: str, headers: Pairs = ()) -> Sample:
    """The fields of a body. Raises DraftError."""
    body = body.strip()
    if not body:
        raise DraftError(say("There is no body in it. Paste a command or a request with the fields that they take."))
    named = next((value.lower() for name, value in headers if name.lower() == "content-type"), "")
    if body[0] in "{[" and "x-www-form" not in named:
        return _read_json(body)
    if body[0] == "<":
        return _read_xml(body)
    return _read_form(body)


def flatten_json(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, As]]:
    """Every plain value with the way to it; a list of texts is one."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from flatten_json(each, (*path, name))
    elif isinstance(value, list) and value and not any(isinstance(each, dict | list) for each in value):
        yield path, ",".join(map(str, value)), As.list
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from flatten_json(each, (*path, str(number)))
    else:
        kind = As.boolean if isinstance(value, bool) else As.number if isinstance(value, int | float) else As.text
        yield path, "" if value is None else json.dumps(value) if kind is not As.text else str(value), kind


def read_element(text: str) -> Any:
    """The root of an XML text. Raises DraftError."""
    if "<!DOCTYPE" in text.upper():
        raise DraftError(say("Take the DOCTYPE out of the XML."))
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DraftError(say("The XML cannot be read: %(error)s.", error=str(error)[:120])) from None


def _read_json(body: str) -> Sample:
    try:
        found = json.loads(body)
    except json.JSONDecodeError as error:
        words = say("The JSON cannot be read from line %(line)s on: %(error)s.", line=error.lineno, error=error.msg)
        raise DraftError(words) from None
    except RecursionError:
        raise DraftError(say("The JSON is nested too deep.")) from None
    try:
        rows = list(flatten_json(found))
    except RecursionError:
        raise DraftError(say("The JSON is nested too deep.")) from None
    given = tuple(Given(_join(path), text, kind) for path, text, kind in rows if path)
    return Sample(encoding=Encoding.json, given=given)


def _read_xml(body: str) -> Sample:
    root = read_element(body)
    spaces = {
        f"{ATTRIBUTE}xmlns:{prefix}" if prefix else f"{ATTRIBUTE}xmlns": uri for prefix, uri in root.nsmap.items()
    }
    given = [Given(name, uri) for name, uri in spaces.items()]
    given += [Given(_join(path), text) for path, text in _flatten_xml(root, ())]
    return Sample(encoding=Encoding.xml, root=_name(root), given=tuple(given))


def _flatten_xml(element: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in element.attrib.items():
        if not name.startswith("{"):
            yield (*path, ATTRIBUTE + name), value
    children = [child for child in element if isinstance(child.tag, str)]
    for child in children:
        yield from _flatten_xml(child, (*path, _name(child)))
    if not children and path:
        yield path, (element.text or "").strip()


def _name(element: Any) -> str:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local


def _read_form(body: str) -> Sample:
    text = body.replace("\n", "&") if "&" not in body else "".join(line.strip() for line in body.splitlines())
    if not _PAIRS.fullmatch(text):
        raise DraftError(say("It is no JSON, no XML and no form body like first_name=Ada&zip=60601."))
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
    return Sample(given=tuple(Given(name.strip(), value) for name, value in pairs))


def _join(path: tuple[str, ...]) -> str:
    return ".".join(step.replace(".", "\\.") for step in path)
