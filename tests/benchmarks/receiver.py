"""A school that takes everything at once, and notes with its own clock when.

``python -m tests.benchmarks.receiver PORT``. ``time.monotonic`` is one clock for all processes of a machine,
so its times compare with the clients'.
"""

import asyncio
import json
import sys
import time
import urllib.request

TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Receiver(asyncio.Protocol):
    """One connection: reads one request, notes it, answers, and closes."""

    arrivals: list[tuple[str, float]] = []

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
            self._answer(TAKEN)
        else:
            self._answer(_list(self.arrivals))

    def _answer(self, answer: bytes) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.write(answer)
        self.transport.close()


def read_arrivals(port: int) -> list[tuple[str, float]]:
    """What arrived so far: (``webhook-id`` in lower case, time) in order; a form post has an empty id."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return [(key, at) for key, at in json.loads(answer.read())]


def _list(arrivals: list[tuple[str, float]]) -> bytes:
    body = json.dumps(arrivals).encode()
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
