"""Webhook and form post: what is sent, and what is never sent."""

import socket
import time
from dataclasses import replace
from ipaddress import ip_network
from urllib.parse import parse_qsl

import pytest
from standardwebhooks import Webhook

from leadgen.delivery.carriers import form_post, webhook
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Line, Misconfigured, PermanentNo
from leadgen.delivery.carriers.http import USER_AGENT, post
from tests import fake_school as school
from tests.fake_server import running
from tests.fleet import find_free_port
from tests.tasks.posting import DEADLINE, LOCAL, PARCEL, SECRET, aim, read_headers

NEW_SECRET = "whsec_" + "bmV3IHNlY3JldCBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVz"
PUBLIC = Line("", "", "", ())


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
            post(f"http://127.0.0.1:{find_free_port()}/", {}, b"x", LOCAL, DEADLINE)

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
        assert time.monotonic() - started < DEADLINE + 5
