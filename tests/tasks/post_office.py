"""A letter, the line to a relay, and an office that keeps what a relay accepts."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope as Accepted

from leadgen.delivery.carriers import email
from leadgen.delivery.carriers.contract import CarrierError, Destination, Line, Parcel
from tests.fake_relay import Say, relay
from tests.fake_server import running

TEXT = "Hello,\n.a line with a dot\n.\nZoë wants to hear from you.\n" + "long " * 60 + "\n"
PARCEL = Parcel(TEXT.encode(), "text/plain", "lead.created/1", subject="A new inquiry: Zoë", html="<p>Zoë</p>")
LETTER = Destination("leads@acme.example", "dlv_7f3a", 0.5)


def line_to(port: int, scheme: str = "smtp", host: str = "127.0.0.1", query: str = "") -> Line:
    """The way to a relay."""
    return Line(f"{scheme}://{host}:{port}{query}", "First Step <inquiries@firststep.example>", "", ())


def carry_error(letter: Destination = LETTER, **script: Say) -> CarrierError:
    """What carrying a letter to a relay that says this ends in."""
    with running(relay(**script)) as server, pytest.raises(CarrierError) as raised:
        email.carry(PARCEL, letter, line_to(server.port))
    return raised.value


class PostOffice:
    """Keeps what an aiosmtpd relay accepts."""

    def __init__(self) -> None:
        self.envelopes: list[Accepted] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Accepted) -> str:  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 kept"

    def read(self) -> EmailMessage:
        content = self.envelopes[-1].content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


@pytest.fixture
def office() -> PostOffice:
    """An office that has nothing yet."""
    return PostOffice()
