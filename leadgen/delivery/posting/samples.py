"""A sample answer, as a specification shows it: with its status line and headers, or the body alone. Pure."""

import re

from leadgen.delivery.carriers.reader import BODY_BYTES, Response

_STATUS_LINE = re.compile(r"(?:HTTP/[\d.]+\s+)?([1-5]\d\d)(?:\s+[^\n<{\[]*)?", re.IGNORECASE)
_HEADER = re.compile(r"([A-Za-z0-9-]+):\s*(.*)")
OK = 200


def read_answer(text: str) -> Response:
    """The answer that a sample shows. Where it names no status, that is 200."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    status_line = _STATUS_LINE.fullmatch(lines[0].strip()) if lines else None
    if status_line is None or (len(lines) == 1 and not lines[0].upper().startswith("HTTP/")):
        return Response(OK, {}, _cut("\n".join(lines)))
    headers: dict[str, str] = {}
    rest = lines[1:]
    while rest and (header := _HEADER.fullmatch(rest[0].strip())):
        headers[header[1].lower()] = header[2].strip()
        rest = rest[1:]
    headers.pop("content-type", None)  # a pasted text is UTF-8, whatever it was
    return Response(int(status_line[1]), headers, _cut("\n".join(rest).strip("\n")))


def _cut(text: str) -> bytes:
    return text.encode()[:BODY_BYTES]
