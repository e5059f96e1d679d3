"""Looking into the answer of a school's system, which may be hostile, huge, cut or in any charset. Pure.

What bounds it: 64 KB (the reader's cap), 2,000 values or elements, a path of a bounded shape, and regular expressions
by RE2, which take time in proportion to what they read. XML with a DOCTYPE is not read at all, so there are no
entities. A body that came only in part is not looked into: nobody decides by half an answer.
"""

import codecs
import json
import re
from functools import cached_property, lru_cache
from typing import Any

import jsonpath
import re2
from lxml import etree

from leadgen.delivery.carriers.reader import Response
from leadgen.delivery.posting.model import Look, Pick
from leadgen.marks import Said, say

MOST_VALUES = 2_000
MOST_PATH_CHARACTERS = 200
MOST_TEXT = 4_000
_PATTERN_MEMORY = 1 << 20

# codecs that only decode text, and in linear time: Python's list holds others
_CHARSETS = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-8-sig"}
)
_CHARSET = re.compile(r"charset=\s*\"?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


class PathError(ValueError):
    """A path or a pattern cannot be used. ``words`` say why."""

    def __init__(self, words: Said) -> None:
        super().__init__(words)
        self.words = words


class Answered:
    """An answer, read as far as somebody looks."""

    def __init__(self, response: Response) -> None:
        self.response = response

    @cached_property
    def text(self) -> str:
        """The whole body, in the charset that it claims where we know that one; empty where the body was cut."""
        if not self.response.whole:
            return ""
        return _decode(self.response.body, self.response.headers.get("content-type", ""))

    @cached_property
    def json(self) -> Any:
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return found if _count_json(found) <= MOST_VALUES else None

    @cached_property
    def xml(self) -> Any:
        text = self.text.strip()
        if not text.startswith("<") or "<!DOCTYPE" in text:
            return None
        parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False)
        try:
            root = etree.fromstring(re.sub(r"^<\?xml.*?\?>", "", text, count=1).encode(), parser)
        except (etree.XMLSyntaxError, ValueError):
            return None
        return _drop_namespaces(root)

    def find(self, look: Look, at: str) -> list[str]:
        """The texts that stand there, in order; none where the answer is not such a thing. Raises PathError."""
        match look:
            case Look.status:
                return [str(self.response.status)]
            case Look.header:
                value = self.response.headers.get(at.strip().lower())
                return [] if value is None else [value]
            case Look.json:
                return [] if self.json is None else _find_json(at, self.json)
            case Look.xml:
                return [] if self.xml is None else _find_xml(at, self.xml)
        return [self.text] if self.text else []

    def pick(self, pick: Pick | None) -> str:
        """The first text there, or the first group of a pattern in the body; empty where there is none."""
        if pick is None:
            return ""
        if pick.look is Look.text:
            found = read_pattern(pick.at).search(self.text)
            taken = (found.group(1) if found.re.groups else found.group(0)) if found else ""
            return (taken or "").strip()
        return next((text.strip() for text in self.find(pick.look, pick.at) if text.strip()), "")


@lru_cache(maxsize=256)
def read_pattern(pattern: str) -> Any:
    """A regular expression by RE2. Raises PathError."""
    options = re2.Options()
    options.log_errors, options.max_mem = False, _PATTERN_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        words = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        raise PathError(say("This is no regular expression that we can use: %(error)s.", error=words)) from None


@lru_cache(maxsize=256)
def read_json_path(path: str) -> Any:
    """A JSON path (RFC 9535) of a bounded shape. Raises PathError."""
    plain = _QUOTED.sub("", path)
    if len(path) > MOST_PATH_CHARACTERS or plain.count("..") > 1 or plain.count("?") > 1 or "," in plain:
        raise PathError(say("This JSON path is too wide: use at most one .. and one ?, and no commas."))
    try:
        return _JSON_PATHS.compile(path.strip())
    except (jsonpath.JSONPathError, ValueError, RecursionError):
        raise PathError(say("This is no JSON path. Write it like $.result.status.")) from None


@lru_cache(maxsize=256)
def read_xml_path(path: str) -> Any:
    """An XPath (1.0) of a bounded shape. Raises PathError."""
    plain = _QUOTED.sub("", path)
    if len(path) > MOST_PATH_CHARACTERS or plain.count("//") > 2 or "::" in plain:
        raise PathError(say("This XPath is too wide: use at most two //, and no axes with ::."))
    try:
        return etree.XPath(path.strip(), regexp=False, smart_strings=False)
    except etree.XPathSyntaxError:
        raise PathError(say("This is no XPath. Write it like //result/status.")) from None


def _make_json_paths() -> jsonpath.JSONPathEnvironment:
    paths = jsonpath.JSONPathEnvironment(strict=True)
    for name in ("match", "search"):  # by backtracking expressions, which a hostile answer could hold up
        paths.function_extensions.pop(name)
    return paths


_JSON_PATHS = _make_json_paths()


def _find_json(path: str, document: Any) -> list[str]:
    try:
        found = read_json_path(path).findall(document)
    except (jsonpath.JSONPathError, RecursionError, TypeError):
        return []
    return [_as_text(value) for value in found if value is not None]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:MOST_TEXT]


def _find_xml(path: str, root: Any) -> list[str]:
    try:
        found = read_xml_path(path)(root)
    except etree.XPathEvalError:
        return []
    if not isinstance(found, list):
        return [_as_text(found)]
    return [("".join(each.itertext()) if isinstance(each, etree._Element) else str(each))[:MOST_TEXT] for each in found]


def _decode(body: bytes, content_type: str) -> str:
    claimed = _CHARSET.search(content_type)
    inside = _XML_CHARSET.match(body[:200])
    name = claimed[1] if claimed else inside[1].decode() if inside else _guess_charset(body)
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    return body.decode(known if known in _CHARSETS else "utf-8", "replace").replace("\x00", "").lstrip("\ufeff")


def _guess_charset(body: bytes) -> str:
    return "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"


def _count_json(document: Any) -> int:
    """How many values there are, counted no further than the bound."""
    count, waiting = 0, [document]
    while waiting and count <= MOST_VALUES:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return count


def _drop_namespaces(root: Any) -> Any:
    """The same with local names alone, so that a path need not know a namespace. None where it is too large."""
    for count, element in enumerate(root.iter(), 1):
        if count > MOST_VALUES:
            return None
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
    return root
