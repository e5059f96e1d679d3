"""A letter through a polite relay (aiosmtpd): it arrives whole, once, and only where it should."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from leadgen.delivery.carriers import CARRIERS, email
from leadgen.delivery.carriers.contract import Answer, Line, PermanentNo
from leadgen.delivery.carriers.smtp import Envelope, hand_over
from leadgen.models.endpoint import EndpointKind
from tests.fake_relay import relay
from tests.fake_server import running
from tests.fleet import find_free_port
from tests.tasks.post_office import LETTER, PARCEL, TEXT, PostOffice, line_to, office

__all__ = ["office"]  # a fixture, used by name

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)


@pytest.fixture
def polite(office: PostOffice) -> Iterator[Line]:
    """The way to an aiosmtpd relay that hands everything to ``office``."""
    controller = Controller(office, hostname="127.0.0.1", port=find_free_port())
    controller.start()
    yield line_to(controller.port)
    controller.stop()


class TestTheLetter:
    def test_letter_arrives_whole_with_its_headers(self, office: PostOffice, polite: Line) -> None:
        answer = email.carry(PARCEL, LETTER, polite, clock=lambda: NOON)
        assert answer == Answer("250", "kept")
        message, envelope = office.read(), office.envelopes[0]
        assert (envelope.mail_from, envelope.rcpt_tos) == ("inquiries@firststep.example", ["leads@acme.example"])
        assert message["From"] == "First Step <inquiries@firststep.example>"
        assert message["To"] == "leads@acme.example"
        assert message["Subject"] == "A new inquiry: Zoë"
        assert message["Message-ID"] == "<dlv_7f3a@firststep.example>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Date"].datetime == NOON
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().splitlines() == TEXT.splitlines()
        assert html.get_content().strip() == "<p>Zoë</p>"

    def test_letter_without_html_is_plain_text_alone(self, office: PostOffice, polite: Line) -> None:
        email.carry(replace(PARCEL, html=""), LETTER, polite)
        assert office.read().get_content_type() == "text/plain"

    def test_wire_carries_seven_bits_and_short_lines(self, office: PostOffice, polite: Line) -> None:
        email.carry(PARCEL, replace(LETTER, key="dlv_" + "k" * 80), polite)
        content = office.envelopes[0].content
        assert isinstance(content, bytes)
        assert content.isascii()
        assert max(map(len, content.split(b"\r\n"))) <= 120
        assert office.read()["Message-ID"] == f"<dlv_{'k' * 80}@firststep.example>"

    def test_every_attempt_has_the_same_message_id(self, office: PostOffice, polite: Line) -> None:
        email.carry(PARCEL, LETTER, polite)
        first = office.read()["Message-ID"]
        email.carry(PARCEL, LETTER, polite)
        assert office.read()["Message-ID"] == first

    def test_line_break_in_the_subject_makes_no_header(self, office: PostOffice, polite: Line) -> None:
        email.carry(replace(PARCEL, subject="Hi\r\nBcc: spy@evil.example\x00\u2028there"), LETTER, polite)
        message = office.read()
        assert message["Bcc"] is None
        assert message["Subject"] == "Hi Bcc: spy@evil.example there"
        assert office.envelopes[0].rcpt_tos == ["leads@acme.example"]

    def test_key_that_cannot_stand_in_a_header_is_a_permanent_no(self, office: PostOffice, polite: Line) -> None:
        with pytest.raises(PermanentNo):
            email.carry(PARCEL, replace(LETTER, key="a>\r\nBcc: spy@evil.example"), polite)
        assert office.envelopes == []

    def test_end_of_letter_inside_the_text_does_not_end_it(self, office: PostOffice, polite: Line) -> None:
        smuggled = "a\r\n.\r\nMAIL FROM:<x@evil.example>\r\n\n.\nb\n\r.\rc"
        email.carry(replace(PARCEL, body=smuggled.encode(), html=""), LETTER, polite)
        assert len(office.envelopes) == 1
        assert office.read().get_content().splitlines() == smuggled.splitlines()

    def test_no_spelling_of_a_line_end_can_end_the_letter(self) -> None:
        with running(relay()) as server:
            url = line_to(server.port).smtp_url
            hand_over(Envelope("a@firststep.example", "b@acme.example", b"a\n.\nb\r.\rc\r\n.\r\nd"), url, 2)
        assert b"DATA\r\na\r\n..\r\nb\r\n..\r\nc\r\n..\r\nd\r\n.\r\n" in server.received[0].replace(b"data", b"DATA")

    def test_domain_of_the_recipient_is_spelled_in_ascii(self, office: PostOffice, polite: Line) -> None:
        email.carry(PARCEL, replace(LETTER, address="leads@schüle.example"), polite)
        assert office.envelopes[0].rcpt_tos == ["leads@xn--schle-mva.example"]

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "acme.example",
            "a b@acme.example",
            "a@acme.example, b@acme.example",
            "a@acme.example\r\nRCPT TO:<b@acme.example>",
            "<a@acme.example>",
            "zoë@acme.example",
            "a@[127.0.0.1]",
            "a@acme..example",
            "@acme.example",
            "a@",
        ],
    )
    def test_what_is_no_address_is_a_permanent_no(self, office: PostOffice, polite: Line, address: str) -> None:
        with pytest.raises(PermanentNo):
            email.carry(PARCEL, replace(LETTER, address=address), polite)
        assert office.envelopes == []


def test_being_in_the_inbox_is_the_delivery() -> None:
    assert CARRIERS[EndpointKind.portal](PARCEL, LETTER, line_to(25)) == Answer("inbox")


def test_every_kind_of_endpoint_has_its_carrier() -> None:
    assert set(CARRIERS) == set(EndpointKind)
