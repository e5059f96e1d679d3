"""Handing one letter to our mail relay, step by step, so that we know how far it got.

The body goes out without its final dot. Until the dot, the relay cannot have accepted anything, so every
fault is a definite no. After the dot only its answer tells; silence is unknown. The relay is ours: its
faults (log-in, sender, certificate) are never held against the school, and are tried again. A STARTTLS that
is gone stops everything until somebody has looked: somebody else may be listening.
"""

import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Timer

from leadgen.delivery.carriers.contract import Answer, DefiniteNo, OurFault, Unknown
from leadgen.delivery.carriers.relay import Relay, read_relay
from leadgen.delivery.carriers.replies import definite_no, expect, read_answer, readable

CONNECT_SECONDS = 5.0

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class Envelope:
    """One letter: who sends, the one who receives, and the message as bytes."""

    sender: str
    recipient: str
    message: bytes


def hand_over(envelope: Envelope, smtp_url: str, deadline_seconds: float) -> Answer:
    """Give the letter to the relay within ``deadline_seconds`` in all. Raises CarrierError."""
    relay = read_relay(smtp_url)
    ends_at = time.monotonic() + deadline_seconds
    client = smtplib.SMTP(local_hostname=envelope.sender.rpartition("@")[2])
    with _nothing_accepted_yet():
        connection = _connect(relay, deadline_seconds)
    _use(client, connection)
    with closing(client), _cut_off(connection, ends_at - time.monotonic()):
        with _nothing_accepted_yet():
            _open(client, relay)
            _address(client, envelope)
            _write(client, envelope.message)
        return _finish(client)


def _connect(relay: Relay, deadline_seconds: float) -> socket.socket:
    if deadline_seconds <= 0:
        raise DefiniteNo("no time was left to send it")
    seconds = min(CONNECT_SECONDS, deadline_seconds)
    connection = socket.create_connection((relay.host, relay.port), timeout=seconds)
    connection.settimeout(deadline_seconds)
    return connection


@contextmanager
def _cut_off(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Shut the connection down when the time is up: a relay that says a byte a second outlives any time-out
    of a single read. A second handle does it, since TLS takes the first one over."""
    handle = connection.dup()
    timer = Timer(max(0.0, seconds), _shut, [handle])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


@contextmanager
def _nothing_accepted_yet() -> Iterator[None]:
    """Before the final dot every break of the conversation is a definite no."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
        raise definite_no("did not let us in", (error.smtp_code, said)) from None
    except (OSError, ValueError) as error:
        raise OurFault(f"our mail relay: {error}") from None


def _open(client: smtplib.SMTP, relay: Relay) -> None:
    if relay.tls:
        _encrypt(client, relay)
    expect(client.getreply(), "did not greet us")
    client.ehlo_or_helo_if_needed()
    if relay.starttls:
        _start_tls(client, relay)
    if relay.user:
        client.login(relay.user, relay.password)


def _start_tls(client: smtplib.SMTP, relay: Relay) -> None:
    if not client.has_extn("starttls"):
        raise OurFault("our mail relay offers no STARTTLS; nothing was sent in clear")
    expect(client.docmd("STARTTLS"), "did not start TLS")
    _encrypt(client, relay)
    # What was said in clear may have been said by somebody in between (RFC 3207, 4.2).
    client.ehlo_resp = client.helo_resp = None
    client.esmtp_features, client.does_esmtp = {}, False
    client.ehlo_or_helo_if_needed()


def _encrypt(client: smtplib.SMTP, relay: Relay) -> None:
    assert client.sock is not None
    _use(client, ssl.create_default_context().wrap_socket(client.sock, server_hostname=relay.host))


def _use(client: smtplib.SMTP, connection: socket.socket) -> None:
    client.sock = connection
    client.file = connection.makefile("rb", buffering=0)  # so that what was said and not read can be seen


def _address(client: smtplib.SMTP, envelope: Envelope) -> None:
    expect(client.mail(envelope.sender), "refused our sender address")
    expect(client.rcpt(envelope.recipient), "refused the recipient", permanent=True)
    expect(client.docmd("DATA"), "refused the letter", permanent=True)


def _write(client: smtplib.SMTP, message: bytes) -> None:
    lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", message))
    client.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")
    if _has_spoken(client):
        reply = client.getreply()
        if 200 <= reply[0] < 300:
            raise Unknown("our mail relay accepted the letter before its end", status=str(reply[0]))
        expect(reply, "broke the letter off", permanent=True)


def _finish(client: smtplib.SMTP) -> Answer:
    try:
        client.send(b".\r\n")
        reply = read_answer(client)
    except (OSError, ValueError) as error:
        raise Unknown(f"no answer from our mail relay after the letter: {error}") from None
    if not 200 <= reply[0] < 600 or 300 <= reply[0] < 400:
        raise Unknown("our mail relay's answer after the letter tells nothing", text=readable(reply))
    expect(reply, "refused the letter", permanent=True)
    with suppress(OSError):
        client.putcmd("QUIT")
    return Answer(str(reply[0]), readable(reply))


def _has_spoken(client: smtplib.SMTP) -> bool:
    assert client.sock is not None
    poll = select.poll()
    poll.register(client.sock, select.POLLIN)
    return bool(poll.poll(0)) or (isinstance(client.sock, ssl.SSLSocket) and client.sock.pending() > 0)
