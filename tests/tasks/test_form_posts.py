"""Form posts by a map, to a real server that may be hostile."""

import json
import time
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qsl

import pytest

from leadgen.delivery.carriers import form_post
from leadgen.delivery.carriers.contract import Answer, Destination, Misconfigured, Parcel, Unknown
from leadgen.delivery.posting.request import OpenPosting, write_address, write_body, write_headers
from tests import fake_school as school
from tests.fake_server import Behaviour, FakeServer, running
from tests.posting import ROWS, make_posting
from tests.tasks.posting import DEADLINE, LOCAL, read_headers

SECRETS = {"api_key": "k3y-of-theirs", "password": "pass:wörd", "token": "t0ken"}
FIELDS = {"first_name": "Zoë", "phone": "+13125550142", "credential": "certificate", "lead_id": "L-1", "key": "msg_1"}


def carry(server: FakeServer, **changes: Any) -> Answer:
    """Post this lead by this map."""
    opened = OpenPosting(make_posting(**changes), SECRETS)
    body, content_type = write_body(opened, opened.posting.lead, FIELDS)
    address = write_address(opened, f"http://127.0.0.1:{server.port}/post?v=2", FIELDS)
    aimed = Destination(address, "msg_1", DEADLINE, headers=write_headers(opened, FIELDS), opened=opened)
    return form_post.carry(Parcel(body, content_type, "lead.created/1"), aimed, LOCAL)


def read_body(server: FakeServer) -> str:
    return server.received[0].partition(b"\r\n\r\n")[2].decode()


def test_the_body_goes_as_the_map_says() -> None:
    with running(school.answers(200, b'{"result": "success", "id": "A-1", "price": 4}')) as server:
        answer = carry(server)
    assert (answer.receipt, answer.reference, answer.price_cents) == ("accepted", "A-1", 400)
    assert parse_qsl(read_body(server)) == [
        ("first", "Zoë"),
        ("phone", "(312) 555-0142"),
        ("level", "CERT"),
        ("campaign", "spring"),
        ("api_key", "k3y-of-theirs"),
    ]


def test_headers_query_and_log_in_are_those_of_the_map() -> None:
    with running(school.answers(200, b'{"result": "success"}')) as server:
        carry(
            server,
            lead={"encoding": "json", "rows": ROWS},
            headers=[{"name": "X-Lead", "value": "{{ lead_id }}"}, {"name": "content-type", "value": "text/json"}],
            query=[{"name": "api key", "value": "{{ secret.api_key }}&x=1"}],
            auth={"kind": "basic", "user": "leadgen"},
        )
    headers = read_headers(server.received[0])
    assert server.received[0].startswith(b"POST /post?v=2&api%20key=k3y-of-theirs%26x%3D1 HTTP/1.1\r\n")
    assert (headers["x-lead"], headers["content-type"], headers["idempotency-key"]) == ("L-1", "text/json", "msg_1")
    assert b64decode(headers["authorization"].removeprefix("Basic ")).decode() == "leadgen:pass:wörd"
    assert json.loads(read_body(server))["first"] == "Zoë"


def test_bearer_and_xml() -> None:
    with running(school.answers(200, b"<r><status>ok</status></r>")) as server:
        rules = [{"outcome": "accepted", "when": [{"look": "xml", "at": "//status", "value": "ok"}]}]
        lead = {"encoding": "xml", "root": "lead", "rows": ROWS}
        assert carry(server, lead=lead, auth={"kind": "bearer"}, rules=rules).receipt == "accepted"
    assert read_headers(server.received[0])["authorization"] == "Bearer t0ken"
    assert "<first>Zoë</first>" in read_body(server)


def test_our_secrets_are_taken_out_of_what_they_answer() -> None:
    body = b'{"result": "success", "id": "k3y-of-theirs", "sent": "api_key=k3y-of-theirs"}'
    with running(school.answers(200, body)) as server:
        answer = carry(server)
    assert "k3y" not in answer.text + str(answer.reference)
    with running(school.answers(401, b"t0ken is not known")) as server, pytest.raises(Misconfigured) as raised:
        carry(server)
    assert raised.value.text == "••• is not known"


def test_nothing_of_a_secret_is_in_the_words_of_an_error_or_of_a_destination() -> None:
    opened = OpenPosting(make_posting(), SECRETS)
    aimed = Destination("https://a.example", "k", 1, headers=(("Authorization", "Bearer t0ken"),), opened=opened)
    assert "t0ken" not in repr(aimed)


@pytest.mark.parametrize(
    "behave",
    [
        school.says(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b'{"result": "success"}'),
        school.answers(200, b'{"result": "success", "x": "' + b"a" * 70_000 + b'"}'),
        school.answers(200, b"[" * 60_000),
        school.answers(200, b'<!DOCTYPE r [<!ENTITY a "x">]><r>&a;</r>', {"Content-Type": "text/xml"}),
        school.answers(200, b'{"result": "success"}', {"Content-Type": "application/json; charset=utf-16"}),
        school.answers(200, b"a" * 60_000 + b"!"),
        school.says_and_hangs(b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"result": "success"'),
        school.answers(500, b"failed"),
        school.resets_after_reading,
    ],
)
def test_what_tells_nothing_is_uncertain_and_soon(behave: Behaviour) -> None:
    rules = [
        {"outcome": "accepted", "when": [{"look": "json", "at": "$.result", "value": "success"}]},
        {"outcome": "accepted", "when": [{"look": "text", "test": "matches", "value": "^(a+)+$"}]},
        {"outcome": "accepted", "when": [{"look": "xml", "at": "//r", "value": "x"}]},
    ]
    started = time.monotonic()
    with running(behave) as server, pytest.raises(Unknown):
        carry(server, rules=rules)
    assert time.monotonic() - started < DEADLINE + 5
