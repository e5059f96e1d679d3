"""Who answers a post: the sandbox under the names of examples, or whom a certificate names."""

from datetime import timedelta
from pathlib import Path

import pytest

from leadgen.delivery.carriers import webhook
from leadgen.delivery.carriers.contract import CarrierError, DefiniteNo, Line, Misconfigured, Unknown
from tests import fake_school as school
from tests.certificates import Authority, authority, make_authority
from tests.fake_server import Behaviour, running
from tests.tasks.posting import LOCAL, PARCEL, aim, read_headers

__all__ = ["authority"]  # a fixture, used by name


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
