"""A proxy before PostgreSQL that cuts a connection at its COMMIT: before the server hears it, or before it answers."""

import random
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, make_url

SOCKET = ".s.PGSQL.5432"
COMMIT = b"COMMIT\0"
CHUNK = 65_536


class Cut(StrEnum):
    """Where the line is cut."""

    unheard = "unheard"
    unanswered = "unanswered"


Choose = Callable[[], Cut | None]


@dataclass
class CuttingProxy:
    """``choose`` is asked at each COMMIT; ``cuts`` counts what was cut."""

    url: URL
    listener: socket.socket
    folder: Path
    choose: Choose = lambda: None
    cuts: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        """The same database, through the proxy."""
        through = self.url.update_query_dict({"host": str(self.folder)})
        return through.render_as_string(hide_password=False)

    def cut_next(self, cut: Cut) -> None:
        """Cut at the next COMMIT, and at no other."""
        waiting = [cut]
        self.choose = lambda: waiting.pop() if waiting else None

    def cut_often(self, seed: int, share: float) -> None:
        """Cut at a share of all COMMITs, here or there."""
        chance = random.Random(seed)
        self.choose = lambda: chance.choice(list(Cut)) if chance.random() < share else None

    def run(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(Path(str(self.url.query["host"])) / SOCKET))
            threading.Thread(target=_pass_on, args=[server, client], daemon=True).start()
            while chunk := client.recv(CHUNK):
                cut = self.choose() if COMMIT in chunk else None
                if cut:
                    self.cuts += 1
                    self._cut(cut, client, server, chunk)
                    return
                server.sendall(chunk)

    def _cut(self, cut: Cut, client: socket.socket, server: socket.socket, chunk: bytes) -> None:
        # nobody passes an answer on any more
        client.shutdown(socket.SHUT_RDWR)
        if cut is Cut.unanswered:
            server.sendall(chunk)
            server.shutdown(socket.SHUT_WR)  # it ends when it has done that
        else:
            server.shutdown(socket.SHUT_RDWR)


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while chunk := server.recv(CHUNK):
            with suppress(OSError):  # a client that was cut off: the server's words are still taken from it
                client.sendall(chunk)
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxying(database_url: str) -> Iterator[CuttingProxy]:
    """The proxy, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="lg-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/{SOCKET}")
        listener.listen(64)
        proxy = CuttingProxy(make_url(database_url), listener, Path(folder))
        threading.Thread(target=proxy.run, daemon=True).start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
