"""What schools answer to a post, many of them rudely, and what is known of it then."""

import json
import time
from dataclasses import replace

import pytest

from leadgen.delivery.carriers import webhook
from leadgen.delivery.carriers.contract import DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.carriers.http import post
from leadgen.delivery.carriers.reader import BODY_BYTES
from tests import fake_school as school
from tests.fake_server import Behaviour, running
from tests.tasks.posting import DEADLINE, LOCAL, PARCEL, aim, carry_error


class TestRudeSchools:
    def test_reset_before_reading_is_unknown_only_if_bytes_left(self) -> None:
        assert isinstance(carry_error(school.resets_before_reading), DefiniteNo | Unknown)

    def test_reset_after_reading_is_unknown(self) -> None:
        assert isinstance(carry_error(school.resets_after_reading), Unknown)

    @pytest.mark.parametrize(
        "behave",
        [
            school.never_reads,
            school.says_and_hangs(b""),
            school.says_and_hangs(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
            school.drips(school.spell(200)),
            school.says_and_hangs(b"HTTP/1.1 100 Continue\r\n\r\n"),
        ],
        ids=["never reads", "never answers", "headers without an end", "drips", "only an interim answer"],
    )
    def test_silence_is_unknown_at_the_deadline(self, behave: Behaviour) -> None:
        started = time.monotonic()
        error = carry_error(behave)
        assert isinstance(error, Unknown), error
        assert DEADLINE * 0.9 < time.monotonic() - started < DEADLINE + 5

    @pytest.mark.parametrize(
        "data",
        [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\n", b"hello", b"\x00\xff" * 99],
    )
    def test_cut_or_senseless_answer_is_unknown(self, data: bytes) -> None:
        assert isinstance(carry_error(school.says(data)), Unknown)

    def test_huge_headers_are_unknown(self) -> None:
        many = {f"X-{number}": "x" * 500 for number in range(60)}
        assert isinstance(carry_error(school.answers(200, headers=many)), Unknown)

    def test_unread_large_body_is_unknown_at_the_deadline(self) -> None:
        error = carry_error(school.never_reads, replace(PARCEL, body=b"x" * 8_000_000))
        assert isinstance(error, Unknown)

    def test_redirect_is_misconfigured_and_not_followed(self) -> None:
        with running(school.answers(200)) as elsewhere:
            location = {"Location": f"http://127.0.0.1:{elsewhere.port}/"}
            for status in (301, 302, 303, 307, 308):
                assert isinstance(carry_error(school.answers(status, headers=location)), Misconfigured)
        assert elsewhere.connections == 0

    def test_retry_after_comes_from_the_wire(self) -> None:
        error = carry_error(school.answers(429, b"slow down", {"Retry-After": "120"}))
        assert isinstance(error, DefiniteNo)
        assert (error.retry_after, error.status, error.text) == (120.0, "429", "slow down")

    @pytest.mark.parametrize("status", [500, 502, 504])
    def test_server_fault_is_unknown_even_with_a_whole_answer(self, status: int) -> None:
        assert isinstance(carry_error(school.answers(status)), Unknown)

    def test_challenge_is_misconfigured_and_not_answered(self) -> None:
        with (
            running(school.answers(401, headers={"WWW-Authenticate": "Basic"})) as server,
            pytest.raises(Misconfigured),
        ):
            webhook.carry(PARCEL, aim(server), LOCAL)
        assert server.connections == len(server.received) == 1

    def test_417_is_not_sent_again(self) -> None:
        with running(school.answers(417)) as server, pytest.raises(PermanentNo):
            webhook.carry(PARCEL, aim(server), LOCAL)
        assert server.connections == 1


class TestAcceptedAllTheSame:
    """The headers of a 2xx came whole: whatever follows, the school has it."""

    @pytest.mark.parametrize(
        "behave",
        [
            school.says(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\ncut"),
            school.says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbroken"),
            school.says_and_hangs(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhangs"),
            school.answers(200, b"x" * 1_000_000),
            school.says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + school.spell(200)),
        ],
        ids=["cut body", "broken chunks", "body that hangs", "huge body", "early hints"],
    )
    def test_body_does_not_matter(self, behave: Behaviour) -> None:
        with running(behave) as server:
            assert webhook.carry(PARCEL, aim(server), LOCAL).status == "200"

    def test_huge_body_is_kept_up_to_its_cap(self) -> None:
        with running(school.answers(200, b"x" * 1_000_000)) as server:
            response = post(f"http://127.0.0.1:{server.port}/", {}, b"x", LOCAL, DEADLINE)
        assert len(response.body) == BODY_BYTES
        assert len(response.text) == 1024

    def test_compressed_body_is_not_unpacked(self) -> None:
        packed = b"\x1f\x8b\x08\x00 no real gzip"
        with running(school.answers(200, packed, {"Content-Encoding": "gzip"})) as server:
            assert post(f"http://127.0.0.1:{server.port}/", {}, b"x", LOCAL, DEADLINE).body == packed

    def test_duplicate_counts_as_accepted(self) -> None:
        body = json.dumps({"status": "duplicate", "id": 31}).encode()
        with running(school.answers(200, body)) as server:
            assert webhook.carry(PARCEL, aim(server), LOCAL).reference == "31"

    def test_conflict_counts_where_the_school_declares_it(self) -> None:
        with running(school.answers(409)) as server:
            assert webhook.carry(PARCEL, aim(server, conflict_means_received=True), LOCAL).status == "409"
            with pytest.raises(PermanentNo):
                webhook.carry(PARCEL, aim(server), LOCAL)
