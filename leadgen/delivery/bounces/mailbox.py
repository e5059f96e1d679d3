"""The mailbox that bounces come back to: a Maildir, or one on an IMAP or POP3 server. What was read is deleted, since a
bounce holds the whole letter; so it has to be a mailbox for bounces alone."""

import mailbox
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from leadgen.delivery.bounces.servers import MailboxError, open_imap, open_pop3

MOST_BYTES = 500_000  # of one message; what is said about the letter stands before the letter that comes back
MOST_MESSAGES = 200  # at one look
HINT = "give maildir:///FOLDER, imaps://USER:PASSWORD@HOST/FOLDER or pop3s://USER:PASSWORD@HOST"

log = structlog.get_logger()


class Box(Protocol):
    """A mailbox that is open."""

    def list_messages(self, most: int) -> list[str]:
        """The names of at most so many messages."""

    def read(self, name: str, most_bytes: int) -> bytes:
        """The beginning of a message."""

    def delete(self, name: str) -> None:
        """Delete a message that was read."""


def read_mailbox(box: Box) -> Iterator[tuple[str, bytes]]:
    """The messages that wait, each by its name. One that is gone by now is passed over."""
    for name in box.list_messages(MOST_MESSAGES):
        with suppress(KeyError):
            yield name, box.read(name, MOST_BYTES)


def open_mailbox(url: str) -> AbstractContextManager[Box]:
    """Open the mailbox of ``LEADGEN_BOUNCE_MAILBOX``. Raises MailboxError."""
    try:
        parts = urlsplit(url)
        opener = OPENERS[parts.scheme]
    except (ValueError, KeyError):
        raise MailboxError(f"LEADGEN_BOUNCE_MAILBOX: {HINT}") from None
    return opener(parts)


class Folder:
    """A Maildir, as Postfix and Exim write it."""

    def __init__(self, path: Path) -> None:
        self._box = mailbox.Maildir(path, create=False)

    def list_messages(self, most: int) -> list[str]:
        return sorted(self._box.keys())[:most]

    def read(self, name: str, most_bytes: int) -> bytes:
        try:
            with self._box.get_file(name) as file:
                return bytes(file.read(most_bytes))
        except OSError as error:  # one that we may not read, or that is damaged, keeps no other back
            log.warning("bounces.passed_over", error=type(error).__name__)
            raise KeyError(name) from None

    def delete(self, name: str) -> None:
        self._box.discard(name)


@contextmanager
def _open_folder(parts: SplitResult) -> Iterator[Box]:
    path = Path(unquote(parts.path))
    if not (path / "new").is_dir():
        raise MailboxError(f"LEADGEN_BOUNCE_MAILBOX: {path} is no Maildir: it has no folder `new`")
    try:
        yield Folder(path)
    except OSError as error:
        raise MailboxError(f"the bounce mailbox {path} cannot be read or emptied: {error.strerror}") from None


OPENERS = {
    "maildir": _open_folder,
    "imap": open_imap,
    "imaps": open_imap,
    "pop3": open_pop3,
    "pop3s": open_pop3,
}
