"""A folder on an IMAP server. A message that the server cannot give, or at which it hangs up, is passed over: the
others are not kept back by it."""

import imaplib
from collections.abc import Callable
from contextlib import suppress

import structlog

MOST_CONNECTIONS = 5  # at one look

log = structlog.get_logger()


class ImapBox:
    """``connect`` gives a connection that is logged in and has opened the folder."""

    def __init__(self, connect: Callable[[], imaplib.IMAP4]) -> None:
        self._connect = connect
        self._client = connect()
        self._connections = 1

    def list_messages(self, most: int) -> list[str]:
        _, found = self._client.uid("SEARCH", "UNDELETED")
        return [name.decode() for name in (found[0] or b"").split()[:most]]

    def read(self, name: str, most_bytes: int) -> bytes:
        try:
            _, found = self._client.uid("FETCH", name, f"(BODY.PEEK[]<0.{most_bytes}>)")
        except (imaplib.IMAP4.abort, OSError):
            if self._connections == MOST_CONNECTIONS:
                raise
            self._connect_again()
            found = []
        except imaplib.IMAP4.error:
            found = []  # it says no to this one, and stays
        parts = [part[1] for part in found if isinstance(part, tuple)]
        if not parts:
            log.warning("bounces.passed_over", row=int(name))
            raise KeyError(name)
        return bytes(parts[0])

    def delete(self, name: str) -> None:
        self._client.uid("STORE", name, "+FLAGS.SILENT", r"(\Deleted)")

    def expunge(self) -> None:
        """What was deleted is gone now."""
        self._client.expunge()

    def close(self) -> None:
        """Hang up, in whatever state it is."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._client.logout()

    def _connect_again(self) -> None:
        """Messages keep their UID, and what was deleted stays so."""
        self.close()
        self._client = self._connect()
        self._connections += 1
