"""Webhook and form post against real servers, most of them rude."""

import json
import socket
import time
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from standardwebhooks import Webhook

from leadgen.delivery.carriers import form_post, webhook
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Destination,
    Line,
    Misconfigured,
    Parcel,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.carriers.http import USER_AGENT, post
from leadgen.delivery.carriers.reader import BODY_BYTES
from tests import fake_school as school
from tests.certificates import Authority, make_authority
from tests.fake_server import Behaviour, FakeServer, running

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMuLi4="
NEW_SECRET = "whsec_" + "bmV3IHNlY3JldCBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVz"
LOCAL = Line("", "", "", (ip_network("127.0.0.0/8"),))
PUBLIC = Line("", "", "", ())
PARCEL = Parcel('{"type":"lead.created","name":"Zoë"}'.encode(), "application/json", "lead.created/1")
DEADLINE = 0.6


def aim(server: FakeServer, **changes: object) -> Destination:
    destination = Destination(f"http://127.0.0.1:{server.port}/leads", "dlv_7f3a", DEADLINE, (SECRET,))
    return replace(destination, **changes)


def carry_error(behave: Behaviour, parcel: Parcel = PARCEL) -> CarrierError:
    with running(behave) as server, pytest.raises(CarrierError) as raised:
        webhook.carry(parcel, aim(server), LOCAL)
    return raised.value


def read_headers(request: bytes) -> dict[str, str]:
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class TestWhatIsSent:
    def test_webhook_is_verified_by_the_public_library_with_either_secret(self) -> None:
        with running(school.answers(202, b'{"reference": "ACME-9"}')) as server:
            answer = webhook.carry(PARCEL, aim(server, secrets=(NEW_SECRET, SECRET)), LOCAL)
        assert answer == Answer("202", '{"reference": "ACME-9"}', "ACME-9")
        headers, body = read_headers(server.received[0]), server.received[0].partition(b"\r\n\r\n")[2]
        for secret in (SECRET, NEW_SECRET):
            assert Webhook(secret).verify(body, headers)["name"] == "Zoë"

    def test_headers_are_ours_and_no_others_ask_for_anything(self) -> None:
        with running(school.answers(200)) as server:
            webhook.carry(PARCEL, aim(server), LOCAL, clock=lambda: 1_784_000_000.9)
        request = server.received[0]
        headers = read_headers(request)
        assert request.startswith(b"POST /leads HTTP/1.1\r\n")
        assert headers.pop("webhook-signature").startswith("v1,")
        assert headers == {
            "host": f"127.0.0.1:{server.port}",
            "user-agent": USER_AGENT,
            "accept": "*/*",
            "accept-encoding": "identity",
            "content-type": "application/json",
            "content-length": str(len(PARCEL.body)),
            "webhook-id": "dlv_7f3a",
            "webhook-timestamp": "1784000000",
        }

    def test_second_attempt_keeps_its_id_and_renews_its_time(self) -> None:
        with running(school.answers(200)) as server:
            for now in (1000.0, 2000.0):
                webhook.carry(PARCEL, aim(server), LOCAL, clock=lambda now=now: now)
        first, second = map(read_headers, server.received)
        assert first["webhook-id"] == second["webhook-id"]
        assert (first["webhook-timestamp"], second["webhook-timestamp"]) == ("1000", "2000")
        assert server.connections == 2

    def test_large_body_with_zero_bytes_arrives_whole_and_without_asking_first(self) -> None:
        body = bytes(range(256)) * 1200
        with running(school.answers(200)) as server:
            post(f"http://127.0.0.1:{server.port}/", {}, body, LOCAL, 5)
        assert server.received[0].partition(b"\r\n\r\n")[2] == body
        assert "expect" not in read_headers(server.received[0])

    def test_form_post_is_form_encoded_with_its_key(self) -> None:
        parcel = replace(PARCEL, fields=(("name", "Zoë & Co=1"), ("zip", "60601")))
        with running(school.answers(200)) as server:
            assert form_post.carry(parcel, aim(server), LOCAL).status == "200"
        head, _, body = server.received[0].partition(b"\r\n\r\n")
        assert parse_qsl(body.decode()) == [("lead_id", "dlv_7f3a"), ("name", "Zoë & Co=1"), ("zip", "60601")]
        assert read_headers(head)["idempotency-key"] == "dlv_7f3a"
        assert read_headers(head)["content-type"] == "application/x-www-form-urlencoded"

    def test_form_post_leaves_a_lead_id_of_the_parcel_alone(self) -> None:
        with running(school.answers(200)) as server:
            form_post.carry(replace(PARCEL, fields=(("lead_id", "L-1"),)), aim(server), LOCAL)
        assert server.received[0].endswith(b"\r\n\r\nlead_id=L-1")

    def test_proxy_of_the_environment_is_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(school.answers(200)) as server, running(school.answers(200)) as proxy:
            for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            webhook.carry(PARCEL, aim(server), LOCAL)
        assert (server.connections, proxy.connections) == (1, 0)


class TestNothingIsSent:
    @pytest.mark.parametrize("secrets", [(), ("whsec_",), ("whsec_not base64!",), (SECRET, "")])
    def test_webhook_without_a_usable_secret_is_misconfigured(self, secrets: tuple[str, ...]) -> None:
        with running(school.answers(200)) as server, pytest.raises(Misconfigured):
            webhook.carry(PARCEL, aim(server, secrets=secrets), LOCAL)
        assert server.connections == 0

    def test_header_with_a_line_break_is_a_permanent_no(self) -> None:
        with running(school.answers(200)) as server, pytest.raises(PermanentNo):
            webhook.carry(PARCEL, aim(server, key="a\r\nX-Evil: 1"), LOCAL)
        assert server.connections == 0

    def test_form_post_without_fields_is_a_permanent_no(self) -> None:
        with running(school.answers(200)) as server, pytest.raises(PermanentNo):
            form_post.carry(PARCEL, aim(server), LOCAL)
        assert server.connections == 0

    def test_deadline_that_has_passed_is_a_definite_no(self) -> None:
        with running(school.answers(200)) as server, pytest.raises(DefiniteNo):
            webhook.carry(PARCEL, aim(server, deadline_seconds=0.0), LOCAL)
        assert server.connections == 0

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
    )
    def test_refused_address_is_misconfigured_however_it_is_spelled(self, host: str) -> None:
        with running(school.answers(200)) as server, pytest.raises(Misconfigured, match="do not connect"):
            webhook.carry(PARCEL, aim(server, address=f"https://{host}:{server.port}/"), PUBLIC)
        assert server.connections == 0

    def test_plain_http_is_refused_without_allowed_networks(self) -> None:
        with running(school.answers(200)) as server, pytest.raises(Misconfigured, match="https"):
            webhook.carry(PARCEL, aim(server), PUBLIC)
        assert server.connections == 0

    def test_plain_http_reaches_only_allowed_networks(self) -> None:
        elsewhere = replace(LOCAL, allowed_networks=(ip_network("10.0.0.0/8"),))
        with running(school.answers(200)) as server, pytest.raises(Misconfigured, match="do not connect"):
            webhook.carry(PARCEL, aim(server), elsewhere)
        assert server.connections == 0

    def test_plain_http_to_a_public_address_is_refused_before_it_is_tried(self) -> None:
        with pytest.raises(Misconfigured, match=r"1\.1\.1\.1"):
            post("http://1.1.1.1/", {}, b"x", LOCAL, DEADLINE)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "school.org/leads",
            "ftp://school.org/",
            "file:///etc/passwd",
            "https://",
            "https:///leads",
            "https://school.org:0/",
            "https://school.org:99999/",
            "https://school.org:x/",
            "https://user:word@school.org/",
            "https://school.org\\@127.0.0.1/",
            "https://school.org/\r\nX: 1",
            "https://sch ool.org/",
            "https://sch%6fol.org/",
            "https://[::1/",
            "https://[fe80::1%25eth0]/",
            "https://-ü-.org./ü/\u0000",
        ],
    )
    def test_address_that_cannot_be_used_is_misconfigured(self, address: str) -> None:
        with pytest.raises(Misconfigured):
            post(address, {}, b"x", LOCAL, DEADLINE)

    def test_closed_port_is_a_definite_no(self) -> None:
        with pytest.raises(DefiniteNo):
            post(f"http://127.0.0.1:{closed_port()}/", {}, b"x", LOCAL, DEADLINE)

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_name_that_does_not_resolve_is_a_definite_no(self, scheme: str) -> None:
        with pytest.raises(DefiniteNo):
            post(f"{scheme}://no-such-school.example/", {}, b"x", LOCAL, DEADLINE)

    def test_full_backlog_is_a_definite_no_at_the_deadline(self) -> None:
        with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for waiting in (first, second):
                waiting.setblocking(False)
                waiting.connect_ex(listener.getsockname())
            started = time.monotonic()
            with pytest.raises(DefiniteNo):
                post(f"http://127.0.0.1:{listener.getsockname()[1]}/", {}, b"x", LOCAL, DEADLINE)
        assert time.monotonic() - started < DEADLINE + 2


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
        assert DEADLINE * 0.9 < time.monotonic() - started < DEADLINE + 2

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


class TestSandbox:
    def test_example_school_is_played_by_the_sandbox_under_its_own_name(self) -> None:
        with running(school.answers(200)) as server:
            line = Line("", "", f"127.0.0.1:{server.port}", ())
            for address in ("https://acme.example/leads?x=1", "http://acme.example:8443/leads?x=1"):
                webhook.carry(PARCEL, aim(server, address=address), line)
        assert [request.split(b"\r\n")[0] for request in server.received] == [b"POST /leads?x=1 HTTP/1.1"] * 2
        hosts = [read_headers(request)["host"] for request in server.received]
        assert hosts == ["acme.example", "acme.example:8443"]

    @pytest.mark.parametrize("host", ["acme.example.org", "acmeexample", "127.0.0.1"])
    def test_no_other_name_goes_to_the_sandbox(self, host: str) -> None:
        with running(school.answers(200)) as server:
            line = Line("", "", f"127.0.0.1:{server.port}", ())
            with pytest.raises(CarrierError):
                webhook.carry(PARCEL, aim(server, address=f"https://{host}:{server.port}/"), line)
        assert server.connections == 0


class TestCertificates:
    @pytest.fixture
    def authority(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
        """An authority that this process trusts."""
        made = make_authority(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
        return made

    def test_good_certificate_is_accepted(self, authority: Authority) -> None:
        with running(school.answers(200), authority.issue("localhost")) as server:
            answer = webhook.carry(PARCEL, aim(server, address=f"https://localhost:{server.port}/"), LOCAL)
        assert answer.status == "200"

    @pytest.mark.parametrize(
        ("name", "days"), [("other.example", 1), ("localhost", -1)], ids=["another name", "expired"]
    )
    def test_bad_certificate_is_misconfigured_and_nothing_is_sent(
        self, authority: Authority, name: str, days: int
    ) -> None:
        context = authority.issue(name, ends_in=timedelta(days=days))
        with running(school.answers(200), context) as server, pytest.raises(Misconfigured, match="certificate"):
            webhook.carry(PARCEL, aim(server, address=f"https://localhost:{server.port}/"), LOCAL)
        assert server.received == []

    def test_unknown_authority_is_misconfigured_and_nothing_is_sent(self, tmp_path: Path) -> None:
        context = make_authority(tmp_path).issue("localhost")
        with running(school.answers(200), context) as server, pytest.raises(Misconfigured, match="certificate"):
            webhook.carry(PARCEL, aim(server, address=f"https://localhost:{server.port}/"), LOCAL)
        assert server.received == []

    @pytest.mark.parametrize(
        "behave",
        [school.cuts_the_handshake, school.never_reads, school.says(b"SSH-2.0-x\r\n")],
        ids=["cut", "silent", "no TLS"],
    )
    def test_broken_handshake_is_a_definite_no(self, behave: Behaviour) -> None:
        with running(behave) as server, pytest.raises(DefiniteNo):
            webhook.carry(PARCEL, aim(server, address=f"https://localhost:{server.port}/"), LOCAL)

    def test_reset_over_tls_after_reading_is_unknown(self, authority: Authority) -> None:
        with running(school.resets_after_reading, authority.issue("localhost")) as server, pytest.raises(Unknown):
            webhook.carry(PARCEL, aim(server, address=f"https://localhost:{server.port}/"), LOCAL)
