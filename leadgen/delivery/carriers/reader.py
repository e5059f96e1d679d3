"""Reading an HTTP answer up to its caps, and knowing whether its headers came whole. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadgen.delivery.carriers.contract import ANSWER_BYTES

BODY_BYTES = 64 * 1024
HEADER_BYTES = 16 * 1024


@dataclass(frozen=True)
class Response:
    """An answer whose headers came completely. ``body`` is what came of it, at most 64 KB; ``whole``: that is all."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True

    @property
    def text(self) -> str:
        """The first KB of the body, readable whatever it was."""
        return self.body[:ANSWER_BYTES].decode("utf-8", "replace").replace("\x00", "")


@dataclass
class Reader:
    """Reads the answer up to its caps. ``complete``: the headers of a final status came whole."""

    status: int = 0
    complete: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    _header_bytes: int = 0

    def read_header(self, line: bytes) -> int:
        """Take one header line. Gives its length, or -1 to stop the transfer."""
        self._header_bytes += len(line)
        if self._header_bytes > HEADER_BYTES:
            return -1
        if not self.complete:
            self._read_line(line.decode("latin-1").strip())
        return len(line)

    def read_body(self, chunk: bytes) -> int:
        """Take a piece of the body as far as there is room. Gives its length, or -1 to stop the transfer."""
        room = BODY_BYTES - len(self.body)
        self.body += chunk[:room]
        return len(chunk) if len(chunk) <= room else -1

    def _read_line(self, line: str) -> None:
        name, _, value = line.partition(":")
        if line.startswith("HTTP/"):
            code = line.split(" ")[1:2]
            self.status = int(code[0]) if code and code[0].isdecimal() else 0
            self.headers.clear()
        elif not line:
            self.complete = self.status >= 200  # 1xx comes before the answer, and is none
        else:
            self.headers[name.lower()] = value.strip()
