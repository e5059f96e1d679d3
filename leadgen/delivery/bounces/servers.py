"""Mailboxes on a server, by the standard library's clients. Nothing is said in clear but on this machine."""

import imaplib
import poplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, unquote

from leadgen.delivery.bounces.imap_box import ImapBox
from leadgen.delivery.bounces.pop3_box import Pop3Box

SECONDS = 15.0  # for one answer
IMAP_PORT, IMAPS_PORT = 143, 993
HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class MailboxError(Exception):
    """The mailbox cannot be read now. The message says why, without user or password."""


@contextmanager
def open_imap(parts: SplitResult) -> Iterator[ImapBox]:
    """Log in and open the folder, ``INBOX`` where none is named. Raises MailboxError."""
    with _say_what_is_wrong(parts):
        box = ImapBox(lambda: _log_in_imap(parts))
        try:
            yield box
            box.expunge()
        finally:
            box.close()


@contextmanager
def open_pop3(parts: SplitResult) -> Iterator[Pop3Box]:
    """Log in. What was deleted is gone once the mailbox is left without an error. Raises MailboxError."""
    with _say_what_is_wrong(parts):
        box = Pop3Box(lambda: _log_in_pop3(parts))
        try:
            yield box
            box.quit()
        finally:
            box.close()


def _log_in_imap(parts: SplitResult) -> imaplib.IMAP4:
    client = _connect_imap(parts)
    try:
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if client.select(f'"{folder}"')[0] != "OK":
            raise MailboxError(f"the bounce mailbox has no folder {folder}")
    except BaseException:
        with suppress(imaplib.IMAP4.error, OSError):
            client.logout()
        raise
    return client


def _connect_imap(parts: SplitResult) -> imaplib.IMAP4:
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, parts.port or IMAPS_PORT, ssl_context=context, timeout=SECONDS)
    client = imaplib.IMAP4(host, parts.port or IMAP_PORT, timeout=SECONDS)
    if host not in HERE:
        client.starttls(context)
    return client


def _log_in_pop3(parts: SplitResult) -> poplib.POP3:
    client = _connect_pop3(parts)
    try:
        client.user(unquote(parts.username or ""))
        client.pass_(unquote(parts.password or ""))
    except BaseException:
        client.close()
        raise
    return client


def _connect_pop3(parts: SplitResult) -> poplib.POP3:
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "pop3s":
        return poplib.POP3_SSL(host, parts.port or poplib.POP3_SSL_PORT, context=context, timeout=SECONDS)
    client = poplib.POP3(host, parts.port or poplib.POP3_PORT, timeout=SECONDS)
    if host not in HERE:
        client.stls(context)
    return client


@contextmanager
def _say_what_is_wrong(parts: SplitResult) -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.error, poplib.error_proto) as error:
        raise MailboxError(f"the bounce mailbox at {parts.hostname} answered: {str(error)[:200]}") from None
    except (OSError, EOFError) as error:
        raise MailboxError(f"the bounce mailbox at {parts.hostname} cannot be reached: {error}") from None
