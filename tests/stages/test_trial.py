"""A test of an endpoint goes the way of a lead, is marked as a test, and is sent once."""

import json
import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qs

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from leadgen import history
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.delivery.trial import LAPSED, TrialError, ask_test, find_waiting_tests, has_passed, list_tests
from leadgen.journey import endpoints
from leadgen.journey.endpoints import NotTestedError
from leadgen.models import Attempt, Delivery, Endpoint, EndpointKind, EndpointState, EndpointTest, Result, Subject
from tests.fake_relay import relay
from tests.fake_school import answers, resets_after_reading
from tests.fake_server import Behaviour, FakeServer, running
from tests.inquiries import add_school

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def make_endpoint(session: Session, server: FakeServer, kind: EndpointKind = EndpointKind.webhook) -> Endpoint:
    add_school(session, "larkspur", kind=kind, address=f"http://127.0.0.1:{server.port}/leads")
    endpoint = session.scalars(select(Endpoint)).one()
    endpoint.state = EndpointState.testing
    session.commit()
    return endpoint


def send_test(session: Session, endpoint: Endpoint) -> EndpointTest:
    number = ask_test(session, endpoint, "user:1").id
    session.commit()  # nobody else writes meanwhile
    carry_test(open_dispatcher(), number)
    session.expire_all()
    return session.get_one(EndpointTest, number)


def test_a_webhook_gets_a_signed_lead_of_nobody_marked_as_a_test(session: Session) -> None:
    with running(answers(202, b'{"reference": "S-1"}')) as server:
        endpoint = make_endpoint(session, server)
        test = send_test(session, endpoint)
    head, _, body = server.received[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    told = Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
    assert (told["type"], told["data"]["test"], told["data"]["lead"]) == ("lead.test", True, f"TEST-{test.id}")
    assert told["data"]["person"]["name"] == "Test Example"
    assert "nobody agreed" in told["data"]["consent"]["words"]
    assert (test.result, test.status, test.answer) == (Result.accepted, "202", '{"reference": "S-1"}')
    event = history.read_history(session, Subject.school, "larkspur")[-1]
    assert (event.kind, event.actor, event.data["result"]) == ("endpoint.tested", "user:1", "accepted")
    assert session.scalars(select(Delivery)).all() == session.scalars(select(Attempt)).all() == []


def test_a_form_gets_a_field_that_says_so(session: Session) -> None:
    with running(answers(200)) as server:
        send_test(session, make_endpoint(session, server, EndpointKind.form_post))
    fields = parse_qs(server.received[0].partition(b"\r\n\r\n")[2].decode())
    assert (fields["test"], fields["full_name"]) == (["true"], ["Test Example"])


def test_a_letter_says_so_in_its_subject_and_first(make_app: Callable[..., Flask]) -> None:
    with running(relay()) as server:
        app = make_app(smtp_url=f"smtp://127.0.0.1:{server.port}")
        with app.app_context():
            from leadgen.extensions import db  # noqa: PLC0415 - the session of this very app

            add_school(db.session, "larkspur", kind=EndpointKind.email, address="leads@larkspur.example", secret=None)
            test = send_test(db.session, db.session.scalars(select(Endpoint)).one())
            assert (test.result, test.status) == (Result.accepted, "250")
    raw = re.split(rb"(?i)\r\ndata\r\n", server.received[0])[1]
    letter = message_from_bytes(raw, policy=default)
    assert str(letter["Subject"]).startswith(f"TEST: New inquiry TEST-{test.id}")
    assert "This is a test of your address." in letter.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("behave", "result", "status"),
    [
        (answers(401), Result.misconfigured, "401"),
        (answers(422, b"no such campus\nmore"), Result.permanent_no, "422"),
        (answers(503), Result.definite_no, "503"),
        (answers(500), Result.unknown, "500"),
        (resets_after_reading, Result.unknown, None),
    ],
)
def test_what_came_of_it_is_written_down_and_breaks_nothing(
    session: Session, behave: Behaviour, result: Result, status: str | None
) -> None:
    with running(behave) as server:
        endpoint = make_endpoint(session, server)
        test = send_test(session, endpoint)
    assert (test.result, test.status) == (result, status)
    assert test.reason
    assert (endpoint.state, endpoint.failures_in_a_row, has_passed(session, endpoint)) == ("testing", 0, False)
    with pytest.raises(NotTestedError):
        endpoints.resume(session, endpoint.id, "user:1", "test_passed")


def test_an_accepted_test_lets_it_take_leads_until_its_address_changes(session: Session) -> None:
    with running(answers(200)) as server:
        endpoint = make_endpoint(session, server)
        send_test(session, endpoint)
    assert has_passed(session, endpoint)
    endpoints.resume(session, endpoint.id, "user:1", "test_passed")
    session.commit()
    assert endpoint.state is EndpointState.live
    assert history.read_history(session, Subject.school, "larkspur")[-1].kind == "endpoint.live"
    endpoint.version += 1
    assert not has_passed(session, endpoint)


def test_a_test_is_sent_once_whoever_carries_it(session: Session) -> None:
    with running(answers(200)) as server:
        endpoint = make_endpoint(session, server)
        number = ask_test(session, endpoint, "user:1").id
        assert find_waiting_tests(session) == [number]
        session.commit()
        assert carry_test(open_dispatcher(), number) is Result.accepted
        assert carry_test(open_dispatcher(), number) is None
    assert len(server.received) == 1
    assert find_waiting_tests(session) == []


def test_whoever_asks_second_is_told_that_one_is_under_way(session: Session) -> None:
    add_school(session, "larkspur")
    endpoint = session.scalars(select(Endpoint)).one()
    ask_test(session, endpoint, "user:1")
    session.commit()
    with pytest.raises(TrialError, match="under way") as raised:
        ask_test(session, endpoint, "user:2")
    assert raised.value.under_way is not None
    assert raised.value.under_way.asked_by == "user:1"


def test_a_test_whose_carrier_died_ends_as_unknown_when_the_next_is_asked_for(session: Session) -> None:
    add_school(session, "larkspur")
    endpoint = session.scalars(select(Endpoint)).one()
    lost = ask_test(session, endpoint, "user:1")
    lost.asked_at = lost.asked_at.replace(year=2020)
    session.commit()
    assert find_waiting_tests(session) == []
    again = ask_test(session, endpoint, "user:1")
    session.commit()
    session.refresh(lost)
    assert (lost.result, lost.reason) == (Result.unknown, LAPSED)
    assert [test.id for test in list_tests(session, endpoint.id)] == [again.id, lost.id]


def test_there_is_nothing_to_test_in_a_portal_or_where_nothing_goes(session: Session) -> None:
    add_school(session, "larkspur", kind=EndpointKind.portal, address=None, secret=None)
    add_school(session, "bramble")
    for endpoint in session.scalars(select(Endpoint)):
        endpoint.retired_at = endpoint.added_at if endpoint.kind is EndpointKind.webhook else None
        with pytest.raises(TrialError):
            ask_test(session, endpoint, "user:1")


def test_nothing_of_a_test_is_personal(session: Session) -> None:
    with running(answers(200)) as server:
        send_test(session, make_endpoint(session, server))
    body = json.loads(server.received[0].partition(b"\r\n\r\n")[2])
    assert body["data"]["person"]["email"].endswith(".example")
    assert "555-01" in body["data"]["person"]["phone"].replace("555", "555-")
