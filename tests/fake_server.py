"""A real server on 127.0.0.1 that treats each connection as a test says, and keeps what it received."""

import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, "FakeServer"], None]

DRIP_SECONDS = 0.1
MAX_SECONDS = 10


@dataclass
class FakeServer:
    """``received`` holds what each connection sent, as far as it was read; ``connections`` counts them all."""

    listener: socket.socket
    behave: Behaviour
    tls: ssl.SSLContext | None = None
    received: list[bytes] = field(default_factory=list)
    connections: int = 0
    closed: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    serving: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        while not self.closed.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            serving = threading.Thread(target=self._serve, args=[connection], daemon=True)
            self.serving.append(serving)
            serving.start()

    def wait(self, seconds: float) -> None:
        """Hold the connection open, but not past the end of the test."""
        self.closed.wait(min(seconds, MAX_SECONDS))

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(MAX_SECONDS)
        with suppress(OSError), connection:
            if self.tls is None:
                self.behave(connection, self)
                return
            with self.tls.wrap_socket(connection, server_side=True) as encrypted:
                self.behave(encrypted, self)


@contextmanager
def running(behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[FakeServer]:
    """The server, until the block ends; then everything that it received is in ``received``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = FakeServer(listener, behave, tls)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield server
        server.closed.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        for each in (thread, *server.serving):
            each.join(MAX_SECONDS)


def reset(connection: socket.socket) -> None:
    """End a connection by RST, as a dying machine does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())  # a file made of it would keep it open


def drip(connection: socket.socket, data: bytes) -> None:
    """Say it a byte at a time."""
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(DRIP_SECONDS)
