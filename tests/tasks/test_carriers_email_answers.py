"""What relays answer, many of them rudely, and what is known of the letter then."""

import socket
import time
from dataclasses import replace

import pytest

from leadgen.delivery.carriers import email
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, PermanentNo, Unknown
from leadgen.delivery.carriers.smtp import Envelope, hand_over
from tests import fake_relay
from tests.fake_relay import Say, relay
from tests.fake_server import FakeServer, running
from tests.tasks.post_office import LETTER, PARCEL, carry_error, line_to

LARGE = Envelope("a@firststep.example", "b@acme.example", (b"x" * 70 + b"\r\n") * 150_000)
BEFORE_THE_DOT = ["greeting", "EHLO", "MAIL", "RCPT", "DATA"]


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
        assert time.monotonic() - started < LETTER.deadline_seconds + 5

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
        assert time.monotonic() - started < LETTER.deadline_seconds + 5

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
        assert time.monotonic() - started < LETTER.deadline_seconds + 5

    def test_letter_is_sent_once_however_it_ends(self) -> None:
        with running(relay(dot=fake_relay.resets)) as server, pytest.raises(Unknown):
            email.carry(PARCEL, LETTER, line_to(server.port))
        assert server.connections == 1
        assert server.received[0].count(b"Message-ID: <dlv_7f3a@firststep.example>") == 1
