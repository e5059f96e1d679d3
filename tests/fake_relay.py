"""A scripted SMTP relay for ``fake_server.running``: what it says to each command, politely or not."""

import socket
import ssl
from collections.abc import Callable

from tests.fake_server import Behaviour, FakeServer, drip, reset

Say = str | Callable[[socket.socket, FakeServer], None]

POLITE: dict[str, Say] = {
    "greeting": "220 relay.example ready",
    "EHLO": "250-relay.example\r\n250 8BITMIME",
    "MAIL": "250 sender fine",
    "RCPT": "250 recipient fine",
    "DATA": "354 go ahead",
    ".": "250 queued as 4711",
    "QUIT": "221 bye",
}


def relay(tls: ssl.SSLContext | None = None, **script: Say) -> Behaviour:
    """A polite relay, changed by command (``dot`` stands for the end of the letter). ``tls`` is used after STARTTLS."""
    lines = POLITE | {("." if name == "dot" else name): said for name, said in script.items()}

    def behave(connection: socket.socket, server: FakeServer) -> None:
        _converse(connection, server, lines, tls)

    return behave


def is_silent(connection: socket.socket, server: FakeServer) -> None:
    server.wait(10)


def hangs_up(connection: socket.socket, server: FakeServer) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def resets(connection: socket.socket, server: FakeServer) -> None:
    reset(connection)


def drips(text: str) -> Say:
    """Say it a byte at a time."""
    return lambda connection, server: drip(connection, text.encode() + b"\r\n")


def says_and_hangs_up(text: str) -> Say:
    """Say it, then close."""

    def behave(connection: socket.socket, server: FakeServer) -> None:
        connection.sendall(text.encode() + b"\r\n")
        connection.shutdown(socket.SHUT_RDWR)

    return behave


def _converse(connection: socket.socket, server: FakeServer, lines: dict[str, Say], tls: ssl.SSLContext | None) -> None:
    index = len(server.received)
    server.received.append(b"")
    _say(connection, server, lines["greeting"])
    reader = connection.makefile("rb")
    in_letter = False
    while line := reader.readline():
        server.received[index] += line
        command = line.strip().decode("latin-1").upper().split(" ")[0]
        if in_letter and command != ".":
            continue
        _say(connection, server, lines.get(command, "500 what?"))
        in_letter = command == "DATA" and str(lines["DATA"]).startswith("354")
        if command == "STARTTLS" and tls is not None:
            connection = tls.wrap_socket(connection, server_side=True)
            reader = connection.makefile("rb")


def _say(connection: socket.socket, server: FakeServer, said: Say) -> None:
    if callable(said):
        said(connection, server)
    else:
        connection.sendall(said.encode() + b"\r\n")
