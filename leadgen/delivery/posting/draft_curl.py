"""A cURL command, read and never run: where it posts, with what headers, and which fields. Pure."""

import re
import shlex
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from leadgen.delivery.posting.draft_sample import DraftError, Given, Sample, read_body
from leadgen.marks import say

_START = re.compile(r"(?:\$\s*)?curl(?:\.exe)?\s", re.IGNORECASE)
_CONTINUED = re.compile(r"[\\^`][ \t]*\r?\n")
_ANSI_QUOTE = re.compile(r"(?<=\s)\$'")
_LETTERS = {
    "X": "request",
    "H": "header",
    "d": "data",
    "u": "user",
    "F": "form",
    "G": "get",
    "A": "user-agent",
    "e": "referer",
    "b": "cookie",
    "c": "cookie-jar",
    "m": "max-time",
    "o": "output",
    "w": "write-out",
    "x": "proxy",
    "E": "cert",
}
_DATA = ("data", "data-raw", "data-binary", "data-ascii")
_READ = {*_DATA, "request", "header", "user", "form", "form-string", "json", "data-urlencode", "url"}
_SKIPPED = {
    *("user-agent", "referer", "cookie", "cookie-jar", "max-time", "output", "write-out", "proxy", "cert", "key"),
    *("cacert", "capath", "connect-timeout", "retry", "resolve", "config", "oauth2-bearer", "interface", "tlsv1"),
}


@dataclass
class _Read:
    address: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    parts: list[Given] = field(default_factory=list)
    user: str | None = None
    in_query: bool = False


def is_curl(text: str) -> bool:
    """Whether it begins as such a command does."""
    return _START.match(text.lstrip()) is not None


def read_curl(text: str) -> Sample:
    """What the command would post. Raises DraftError."""
    plain = _ANSI_QUOTE.sub("'", _CONTINUED.sub(" ", text.strip()))
    try:
        words = shlex.split(plain, comments=False)
    except ValueError:
        raise DraftError(say("The command ends inside a quote. Paste the whole of it.")) from None
    read = _Read()
    _take(words[words.index(next(word for word in words if "curl" in word.lower())) + 1 :], read)
    return _make_sample(read)


def _take(words: list[str], read: _Read) -> None:
    while words:
        word, words = words[0], words[1:]
        if not word.startswith("-") or word == "-":
            read.address = read.address or word
            continue
        name, value, is_joined = _name_option(word)
        if name in _READ | _SKIPPED and not is_joined:
            if not words:
                raise DraftError(say("The command ends after %(option)s. Paste the whole of it.", option=word))
            value, words = words[0], words[1:]
        _apply(read, name, value)


def _name_option(word: str) -> tuple[str, str, bool]:
    """The long name of an option, and its value where that is joined to it. Of ``-sSX POST`` the last letter counts."""
    if word.startswith("--"):
        name, equal, value = word[2:].partition("=")
        return name, value, bool(equal)
    letters = word[1:]
    for number, letter in enumerate(letters):
        name = _LETTERS.get(letter, "")
        if name in _READ | _SKIPPED:
            return name, letters[number + 1 :], bool(letters[number + 1 :])
    return ("get" if "G" in letters else ""), "", True


def _apply(read: _Read, name: str, value: str) -> None:
    if name in _DATA or name == "json":
        if value.startswith("@"):
            raise DraftError(say("The command reads its body from a file. Paste that body in its place."))
        read.data.append(value)
        if name == "json":
            read.headers.append(("Content-Type", "application/json"))
    elif name == "data-urlencode":
        key, equal, content = value.partition("=")
        read.data.append(f"{key}={quote(content)}" if equal else quote(value))
    elif name in ("form", "form-string"):
        key, _, content = value.partition("=")
        read.parts.append(Given(key, content.partition(";type=")[0].strip('"')))
    elif name == "header":
        key, _, content = value.partition(":")
        read.headers.append((key.strip(), content.strip()))
    elif name == "user":
        read.user = value.partition(":")[0]
    elif name == "url":
        read.address = value
    elif name == "get":
        read.in_query = True


def _make_sample(read: _Read) -> Sample:
    headers = tuple(read.headers)
    address = read.address if "://" in read.address or not read.address else f"https://{read.address}"
    known = {"address": address, "headers": headers, "user": read.user}
    if read.parts:
        return Sample(**known, given=tuple(read.parts), is_multipart=True)  # type: ignore[arg-type]
    body = "&".join(read.data)
    if not body:
        known["address"], _, body = address.partition("#")[0].partition("?")
    if read.in_query:
        headers = ()
    return replace(read_body(body, headers), **known)  # type: ignore[arg-type]
