"""A school that takes everything, at once or after a while, and notes with its own clock when.

``python -m tests.benchmarks.receiver PORT``. ``time.monotonic`` is one clock for all processes of a machine,
so its times compare with the clients'.
"""

import asyncio
import json
import sys
import time
import urllib.request
from typing import Any

TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Receiver(asyncio.Protocol):
    """One connection: reads one request, notes it, answers, and closes.

    A GET says how long to think from now on (``/think/0.1``), how many came (``/count``), or which after so many
    (``/after/100``)."""

    arrivals: list[tuple[str, float]] = []
    think_seconds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.read = b""

    def data_received(self, data: bytes) -> None:
        self.read += data
        head, blank, body = self.read.partition(b"\r\n\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        if not blank or len(body) < int(headers.get(b"content-length", b"0")):
            return
        if head.startswith(b"POST"):
            # a form post has no id in its headers
            self.arrivals.append((headers.get(b"webhook-id", b"").decode(), time.monotonic()))
            self._take()
        else:
            self._answer(_write(self._tell(head.split()[1].decode())))

    def _take(self) -> None:
        if self.think_seconds:
            asyncio.get_running_loop().call_later(self.think_seconds, self._answer, TAKEN)
        else:
            self._answer(TAKEN)

    def _tell(self, path: str) -> Any:
        _, what, *number = path.split("/")
        if what == "think":
            Receiver.think_seconds = float(number[0])
        return self.arrivals[int(number[0]) :] if what == "after" else len(self.arrivals)

    def _answer(self, answer: bytes) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.write(answer)
        self.transport.close()


def read_arrivals(port: int, after: int = 0) -> list[tuple[str, float]]:
    """What arrived, without the first so many: (``webhook-id`` in lower case, time) in order; a form post has an
    empty id."""
    return [(key, at) for key, at in _ask(port, f"after/{after}")]


def count_arrivals(port: int) -> int:
    """How many posts arrived so far."""
    return int(_ask(port, "count"))


def let_think(port: int, seconds: float) -> None:
    """From now on it answers after so long; 0 is at once."""
    _ask(port, f"think/{seconds}")


def _ask(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
        return json.loads(answer.read())


def _write(told: Any) -> bytes:
    body = json.dumps(told).encode()
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
