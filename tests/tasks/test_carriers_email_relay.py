"""The relay of the setting: how its URL is read, encryption, and logging in."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from leadgen.delivery.carriers import email
from leadgen.delivery.carriers.contract import DefiniteNo, Unknown
from leadgen.delivery.carriers.relay import Relay, read_relay
from tests import fake_relay
from tests.certificates import Authority, authority
from tests.fake_relay import relay
from tests.fake_server import running
from tests.fleet import find_free_port
from tests.tasks.post_office import LETTER, PARCEL, PostOffice, line_to, office

__all__ = ["authority", "office"]  # fixtures, used by name

TLS_OFFERED = "250-relay.example\r\n250 STARTTLS"


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
        assert time.monotonic() - started < LETTER.deadline_seconds + 5

    def test_handshake_that_hangs_is_a_definite_no_at_the_deadline(self) -> None:
        started = time.monotonic()
        with running(relay(greeting=fake_relay.is_silent)) as server, pytest.raises(DefiniteNo):
            email.carry(PARCEL, LETTER, line_to(server.port, "smtps", "localhost"))
        assert time.monotonic() - started < LETTER.deadline_seconds + 5


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
class TestLogIn:
    @pytest.fixture
    def guarded(self, office: PostOffice) -> Iterator[int]:
        """The port of a relay that lets in ``first step`` with the word ``p@ss/word``."""

        def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
            asked = isinstance(data, LoginPassword) and (data.login, data.password)
            return AuthResult(success=asked == (b"first step", b"p@ss/word"), handled=False)

        rules = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
        controller = Controller(office, hostname="127.0.0.1", port=find_free_port(), **rules)
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
