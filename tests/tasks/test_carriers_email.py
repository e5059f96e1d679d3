"""E-mail through real relays: a polite one (aiosmtpd), and scripted rude ones."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Accepted

from leadgen.delivery.carriers import CARRIERS, email
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Destination,
    Line,
    Parcel,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.carriers.relay import Relay, read_relay
from leadgen.delivery.carriers.smtp import Envelope, hand_over
from leadgen.models.endpoint import EndpointKind
from tests import fake_relay
from tests.certificates import Authority, make_authority
from tests.fake_relay import Say, relay
from tests.fake_server import FakeServer, running

TEXT = "Hello,\n.a line with a dot\n.\nZoë wants to hear from you.\n" + "long " * 60 + "\n"
PARCEL = Parcel(TEXT.encode(), "text/plain", "lead.created/1", subject="A new inquiry: Zoë", html="<p>Zoë</p>")
LETTER = Destination("leads@acme.example", "dlv_7f3a", 0.5)
TLS_OFFERED = "250-relay.example\r\n250 STARTTLS"
NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)

LARGE = Envelope("a@firststep.example", "b@acme.example", (b"x" * 70 + b"\r\n") * 150_000)
BEFORE_THE_DOT = ["greeting", "EHLO", "MAIL", "RCPT", "DATA"]


def line_to(port: int, scheme: str = "smtp", host: str = "127.0.0.1", query: str = "") -> Line:
    return Line(f"{scheme}://{host}:{port}{query}", "First Step <inquiries@firststep.example>", "", ())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def carry_error(letter: Destination = LETTER, **script: Say) -> CarrierError:
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
    return PostOffice()


@pytest.fixture
def polite(office: PostOffice) -> Iterator[Line]:
    """The way to an aiosmtpd relay that hands everything to ``office``."""
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield line_to(controller.port)
    controller.stop()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this process trusts."""
    made = make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


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


class TestBeforeTheDot:
    """The relay cannot have accepted anything yet."""

    @pytest.mark.parametrize("command", BEFORE_THE_DOT)
    @pytest.mark.parametrize("reply", ["421 closing", "451 later", "452 full", "???", "999 what"])
    def test_passing_refusal_is_a_definite_no(self, command: str, reply: str) -> None:
        error = carry_error(**{command: reply})
        assert isinstance(error, DefiniteNo), error

    @pytest.mark.parametrize("command", BEFORE_THE_DOT)
    @pytest.mark.parametrize("say", [fake_relay.hangs_up, fake_relay.resets], ids=["hangs up", "resets"])
    def test_broken_conversation_is_a_definite_no(self, command: str, say: Say) -> None:
        error = carry_error(**{command: say})
        assert isinstance(error, DefiniteNo), error

    @pytest.mark.parametrize("command", ["greeting", "DATA"])
    @pytest.mark.parametrize(
        "say", [fake_relay.is_silent, fake_relay.drips("250 " + "x" * 90)], ids=["silent", "drips"]
    )
    def test_slow_relay_is_a_definite_no_at_the_deadline(self, command: str, say: Say) -> None:
        started = time.monotonic()
        assert isinstance(carry_error(**{command: say}), DefiniteNo)
        assert time.monotonic() - started < LETTER.deadline_seconds + 2

    @pytest.mark.parametrize("command", ["RCPT", "DATA"])
    def test_5xx_for_the_recipient_is_a_permanent_no(self, command: str) -> None:
        error = carry_error(**{command: "550 no such person"})
        assert (type(error), error.status, error.text) == (PermanentNo, "550", "no such person")

    @pytest.mark.parametrize(
        "script", [{"greeting": "554 no"}, {"MAIL": "553 not you"}, {"RCPT": "530 log in first"}], ids=str
    )
    def test_refusal_of_ourselves_is_not_held_against_the_school(self, script: dict[str, Say]) -> None:
        assert isinstance(carry_error(**script), DefiniteNo)

    def test_relay_that_breaks_off_in_the_middle_of_the_letter_is_a_definite_no(self) -> None:
        # It refuses before it has read a line; the letter is larger than what the sockets hold.
        script = {"DATA": fake_relay.says_and_hangs_up("354 go ahead\r\n421 changed my mind")}
        with running(relay(**script)) as server, pytest.raises(DefiniteNo):
            hand_over(LARGE, line_to(server.port).smtp_url, LETTER.deadline_seconds)

    def test_letter_that_is_never_read_is_a_definite_no_at_the_deadline(self) -> None:
        def stops_reading(connection: socket.socket, server: FakeServer) -> None:
            connection.sendall(b"354 go ahead\r\n")
            server.wait(10)

        started = time.monotonic()
        with running(relay(DATA=stops_reading)) as server, pytest.raises(DefiniteNo):
            hand_over(LARGE, line_to(server.port).smtp_url, LETTER.deadline_seconds)
        assert time.monotonic() - started < LETTER.deadline_seconds + 2

    def test_acceptance_before_the_end_is_unknown(self) -> None:
        assert type(carry_error(DATA="354 go ahead\r\n250 got it already")) is Unknown

    def test_nobody_listening_is_a_definite_no(self) -> None:
        with running(relay()) as server:
            pass
        with pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, line_to(server.port))

    @pytest.mark.parametrize("url", ["", "http://relay.example", "smtp://", "smtp://relay.example:x", "relay.example"])
    def test_setting_that_names_no_relay_is_a_definite_no(self, url: str) -> None:
        with pytest.raises(DefiniteNo, match="LEADGEN_SMTP_URL"):
            email.carry(PARCEL, LETTER, replace(line_to(25), smtp_url=url))

    @pytest.mark.parametrize("mail_from", ["", "First Step", "First Step <inquiries>", "a@b@c"])
    def test_setting_that_names_no_sender_is_a_definite_no(self, mail_from: str) -> None:
        with pytest.raises(DefiniteNo, match="LEADGEN_MAIL_FROM"):
            email.carry(PARCEL, LETTER, replace(line_to(25), mail_from=mail_from))

    def test_deadline_that_has_passed_is_a_definite_no(self) -> None:
        with running(relay()) as server, pytest.raises(DefiniteNo):
            email.carry(PARCEL, replace(LETTER, deadline_seconds=0), line_to(server.port))
        assert server.connections == 0


class TestAfterTheDot:
    def test_250_means_the_relay_has_it(self) -> None:
        with running(relay()) as server:
            answer = email.carry(PARCEL, LETTER, line_to(server.port))
        assert answer == Answer("250", "queued as 4711")

    @pytest.mark.parametrize("reply", ["421 closing", "451 later", "452 full"])
    def test_4xx_is_a_definite_no(self, reply: str) -> None:
        assert isinstance(carry_error(dot=reply), DefiniteNo)

    @pytest.mark.parametrize("reply", ["550 no", "552 too large", "554 spam"])
    def test_5xx_is_a_permanent_no(self, reply: str) -> None:
        assert type(carry_error(dot=reply)) is PermanentNo

    @pytest.mark.parametrize("reply", ["354 more", "???", "25", "", "100 hm", "999 hm", "250-and so on\r\nnothing"])
    def test_answer_that_tells_nothing_is_unknown(self, reply: str) -> None:
        assert type(carry_error(dot=reply)) is Unknown

    @pytest.mark.parametrize(
        "say",
        [
            fake_relay.is_silent,
            fake_relay.hangs_up,
            fake_relay.resets,
            fake_relay.drips("250 " + "x" * 90),
            fake_relay.says_and_hangs_up("250-half an answer"),
            "250 " + "x" * 10_000,
        ],
        ids=["silent", "hangs up", "resets", "drips", "cut", "endless line"],
    )
    def test_no_whole_answer_is_unknown_at_the_deadline(self, say: Say) -> None:
        started = time.monotonic()
        assert type(carry_error(dot=say)) is Unknown
        assert time.monotonic() - started < LETTER.deadline_seconds + 2

    def test_letter_is_sent_once_however_it_ends(self) -> None:
        with running(relay(dot=fake_relay.resets)) as server, pytest.raises(Unknown):
            email.carry(PARCEL, LETTER, line_to(server.port))
        assert server.connections == 1
        assert server.received[0].count(b"Message-ID: <dlv_7f3a@firststep.example>") == 1


class TestEncryption:
    def test_starttls_that_is_not_offered_sends_nothing_and_is_tried_again(self) -> None:
        with running(relay()) as server, pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, line_to(server.port, query="?starttls=1"))
        assert server.received == [b"ehlo firststep.example\r\n"]

    def test_starttls_encrypts_before_anything_is_said(self, authority: Authority) -> None:
        behave = relay(authority.issue("localhost"), EHLO=TLS_OFFERED, STARTTLS="220 go")
        with running(behave) as server:
            letter = replace(LETTER, deadline_seconds=2)
            answer = email.carry(PARCEL, letter, line_to(server.port, host="localhost", query="?starttls=1"))
        assert answer.status == "250"
        commands = [row.split(b" ")[0].strip().upper() for row in server.received[0].split(b"\r\n")[:5]]
        assert commands == [b"EHLO", b"STARTTLS", b"EHLO", b"MAIL", b"RCPT"]

    @pytest.mark.parametrize("reply", ["454 not now", "501 no", "220 go\r\n250 injected"])
    def test_starttls_that_fails_is_a_definite_no_and_says_nothing_in_clear(self, reply: str) -> None:
        with running(relay(EHLO=TLS_OFFERED, STARTTLS=reply)) as server, pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, line_to(server.port, query="?starttls=1"))
        assert b"MAIL" not in server.received[0].upper()

    @pytest.mark.parametrize(("name", "days"), [("other.example", 1), ("localhost", -1)], ids=["other name", "expired"])
    def test_certificate_of_the_relay_is_checked(self, authority: Authority, name: str, days: int) -> None:
        context = authority.issue(name, ends_in=timedelta(days=days))
        for behave, tls, scheme, query in (
            (relay(context, EHLO=TLS_OFFERED, STARTTLS="220 go"), None, "smtp", "?starttls=1"),
            (relay(), context, "smtps", ""),
        ):
            with running(behave, tls) as server, pytest.raises(DefiniteNo, match="certificate"):
                email.carry(PARCEL, LETTER, line_to(server.port, scheme, "localhost", query))
            assert b"MAIL" not in b"".join(server.received).upper()

    def test_smtps_is_encrypted_from_the_first_byte(self, authority: Authority) -> None:
        with running(relay(), authority.issue("localhost")) as server:
            answer = email.carry(
                PARCEL, replace(LETTER, deadline_seconds=2), line_to(server.port, "smtps", "localhost")
            )
        assert answer.status == "250"

    def test_silence_after_the_dot_over_tls_is_unknown_at_the_deadline(self, authority: Authority) -> None:
        started = time.monotonic()
        behave = relay(dot=fake_relay.drips("250 " + "x" * 90))
        with running(behave, authority.issue("localhost")) as server, pytest.raises(Unknown):
            email.carry(PARCEL, LETTER, line_to(server.port, "smtps", "localhost"))
        assert time.monotonic() - started < LETTER.deadline_seconds + 2

    def test_handshake_that_hangs_is_a_definite_no_at_the_deadline(self) -> None:
        started = time.monotonic()
        with running(relay(greeting=fake_relay.is_silent)) as server, pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, line_to(server.port, "smtps", "localhost"))
        assert time.monotonic() - started < LETTER.deadline_seconds + 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
class TestLogIn:
    @pytest.fixture
    def guarded(self, office: PostOffice) -> Iterator[int]:
        """The port of a relay that lets in ``first step`` with the word ``p@ss/word``."""

        def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
            asked = isinstance(data, LoginPassword) and (data.login, data.password)
            return AuthResult(success=asked == (b"first step", b"p@ss/word"), handled=False)

        rules = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
        controller = Controller(office, hostname="127.0.0.1", port=free_port(), **rules)
        controller.start()
        yield controller.port
        controller.stop()

    def test_user_and_password_come_from_the_setting(self, office: PostOffice, guarded: int) -> None:
        url = f"smtp://first%20step:p%40ss%2Fword@127.0.0.1:{guarded}"
        email.carry(PARCEL, LETTER, replace(line_to(guarded), smtp_url=url))
        assert len(office.envelopes) == 1

    @pytest.mark.parametrize("user", ["first%20step:wrong@", "", "zo%C3%AB:x@"])
    def test_refused_log_in_is_a_definite_no(self, office: PostOffice, guarded: int, user: str) -> None:
        with pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, replace(line_to(guarded), smtp_url=f"smtp://{user}127.0.0.1:{guarded}"))
        assert office.envelopes == []

    def test_relay_that_knows_no_log_in_is_a_definite_no(self) -> None:
        with running(relay()) as server, pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, replace(line_to(0), smtp_url=f"smtp://a:b@127.0.0.1:{server.port}"))


@pytest.mark.parametrize(
    ("url", "relay_read"),
    [
        ("smtp://relay.example", Relay("relay.example", 25, tls=False, starttls=False)),
        ("smtp://relay.example?starttls=1", Relay("relay.example", 587, tls=False, starttls=True)),
        ("smtp://relay.example:2525/?starttls=true", Relay("relay.example", 2525, tls=False, starttls=True)),
        ("smtp://relay.example?starttls=0", Relay("relay.example", 25, tls=False, starttls=False)),
        ("smtps://a%40b:c%3A@relay.example", Relay("relay.example", 465, True, False, "a@b", "c:")),
    ],
)
def test_relay_is_read_from_its_url(url: str, relay_read: Relay) -> None:
    assert read_relay(url) == relay_read


def test_password_of_the_relay_is_not_printed() -> None:
    assert "word" not in repr(read_relay("smtp://a:word@relay.example"))


def test_being_in_the_inbox_is_the_delivery() -> None:
    assert CARRIERS[EndpointKind.portal](PARCEL, LETTER, line_to(25)) == Answer("inbox")


def test_every_kind_of_endpoint_has_its_carrier() -> None:
    assert set(CARRIERS) == set(EndpointKind)
