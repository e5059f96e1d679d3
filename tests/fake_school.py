"""Behaviours of a school's HTTP server, good and bad, for ``fake_server.running``."""

import socket
from collections.abc import Mapping

from tests.fake_server import Behaviour, FakeServer, drip, reset


def read_request(connection: socket.socket, school: FakeServer) -> bytes:
    """Read one whole request, headers and body, and keep it."""
    data = b""
    while b"\r\n\r\n" not in data and (chunk := connection.recv(65536)):
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    while len(body) < _length(head) and (chunk := connection.recv(65536)):
        body += chunk
    request = head + b"\r\n\r\n" + body
    if data:
        school.received.append(request)
    return request


def spell(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """An answer as bytes."""
    fields = {"Content-Length": str(len(body)), "Connection": "close"} | dict(headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Word\r\n{lines}\r\n".encode() + body


def says(data: bytes) -> Behaviour:
    """Reads the request, says exactly these bytes, and closes."""

    def behave(connection: socket.socket, school: FakeServer) -> None:
        read_request(connection, school)
        connection.sendall(data)

    return behave


def answers(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """Reads the request and answers."""
    return says(spell(status, body, headers))


def drips(data: bytes) -> Behaviour:
    """Reads the request, then says a byte at a time."""

    def behave(connection: socket.socket, school: FakeServer) -> None:
        read_request(connection, school)
        drip(connection, data)

    return behave


def says_and_hangs(data: bytes) -> Behaviour:
    """Reads the request, says these bytes, and neither goes on nor closes."""

    def behave(connection: socket.socket, school: FakeServer) -> None:
        read_request(connection, school)
        connection.sendall(data)
        school.wait(10)

    return behave


def resets_before_reading(connection: socket.socket, school: FakeServer) -> None:
    reset(connection)


def resets_after_reading(connection: socket.socket, school: FakeServer) -> None:
    read_request(connection, school)
    reset(connection)


def never_reads(connection: socket.socket, school: FakeServer) -> None:
    school.wait(10)


def cuts_the_handshake(connection: socket.socket, school: FakeServer) -> None:
    connection.recv(10)
    reset(connection)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
