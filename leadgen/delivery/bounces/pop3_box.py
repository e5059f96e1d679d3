"""A mailbox on a POP3 server (RFC 1939), which deletes when it is left in peace.

Strangers write lines of any length, and the standard library gives up a connection at one of over 2,048 bytes; so
messages are read here. One that the server cannot give, or at which it hangs up, is passed over: the others are not
kept back by it."""

import poplib
from collections.abc import Callable

import structlog

LINES = 5_000  # of a message
PIECE = 65_536
MOST_CONNECTIONS = 5  # at one look
END = (b".\r\n", b".\n")

log = structlog.get_logger()


class Pop3Box:
    """``connect`` gives a connection that is logged in."""

    def __init__(self, connect: Callable[[], poplib.POP3]) -> None:
        self._connect = connect
        self._client = connect()
        self._connections = 1
        self._listed: list[bytes] = []
        self._deleted: list[int] = []

    def list_messages(self, most: int) -> list[str]:
        self._listed = self._client.list()[1]
        return [line.split()[0].decode() for line in self._listed][:most]

    def read(self, name: str, most_bytes: int) -> bytes:
        try:
            raw = _read_message(self._client, int(name), most_bytes)
        except (OSError, EOFError):
            if self._connections == MOST_CONNECTIONS:
                raise
            self._connect_again()
            raw = None
        if raw is None:
            log.warning("bounces.passed_over", row=int(name))
            raise KeyError(name)
        return raw

    def delete(self, name: str) -> None:
        self._client.dele(int(name))
        self._deleted.append(int(name))

    def quit(self) -> None:
        """Leave it in peace: what was deleted is gone now."""
        self._client.quit()

    def close(self) -> None:
        """Hang up, in whatever state it is."""
        self._client.close()

    def _connect_again(self) -> None:
        """A connection that broke has deleted nothing, and the messages keep their numbers as long as none is gone."""
        self._client.close()
        self._client = self._connect()
        self._connections += 1
        if self._client.list()[1][: len(self._listed)] != self._listed:
            raise EOFError("its messages changed after the connection broke")
        for number in self._deleted:
            self._client.dele(number)


def _read_message(client: poplib.POP3, number: int, most_bytes: int) -> bytes | None:
    """The beginning of a message; None where the server does not give it. Raises EOFError where it hangs up."""
    # not every server can give the beginning alone
    if not any(_ask(client, each) for each in (b"TOP %d %d" % (number, LINES), b"RETR %d" % number)):
        return None
    kept, begins_line = bytearray(), True
    while (piece := _read_piece(client)) not in END or not begins_line:
        text = piece.removeprefix(b".") if begins_line else piece  # a second dot stands before a dot
        kept += text[: most_bytes - len(kept)]
        begins_line = piece.endswith(b"\n")
    return bytes(kept)


def _ask(client: poplib.POP3, command: bytes) -> bool:
    client.sock.sendall(command + b"\r\n")
    return _read_piece(client).startswith(b"+OK")


def _read_piece(client: poplib.POP3) -> bytes:
    """A line, or as much of it as is read at once."""
    if piece := client.file.readline(PIECE):
        return piece
    raise EOFError("it hung up")
