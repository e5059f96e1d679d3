"""A mail server hands bounces over: with the secret, one message at a time, and no longer than any request may be."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.app import LARGEST_REQUEST_BYTES
from leadgen.delivery.return_path import sign_key
from leadgen.models import Delivery, EndpointKind, Inquiry, Lead, State
from tests.conftest import TEST_ENVIRONMENT
from tests.dsn import Dsn, write_exchange, write_qmail
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import database, dump, settle, sign_in

PROOF = {"Authorization": "Bearer knock-knock"}
MESSAGE = "message/rfc822"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app(bounce_secret="knock-knock")
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def key(app: Flask) -> str:
    """Of a letter that brought a lead and was taken for delivered."""
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
        send_inquiry(session, ["larkspur"])
        delivery = settle(session, session.scalars(select(Lead)).one(), State.delivered)
        session.commit()
        return delivery.key


def write_bounce(key: str, **says: str) -> bytes:
    marked = sign_key(key, TEST_ENVIRONMENT["LEADGEN_SECRET_KEY"])
    return write_exchange(Dsn(f"{marked}@firststep.example", date="", **says))


def test_a_bounce_fails_its_delivery_once(app: Flask, client: FlaskClient, key: str) -> None:
    outcomes = []
    for _ in range(2):
        answer = client.post("/hooks/bounces", data=write_bounce(key), content_type=MESSAGE, headers=PROOF)
        assert answer.status_code == 200
        outcomes.append(answer.json)
    assert outcomes == [{"outcome": "failed"}, {"outcome": "known"}]
    with database(app) as session:
        assert session.scalars(select(Delivery.state)).one() is State.failed


def test_what_nobody_can_read_is_answered_so_that_it_does_not_come_again(client: FlaskClient) -> None:
    answer = client.post("/hooks/bounces", data=write_qmail(Dsn()), content_type=MESSAGE, headers=PROOF)
    assert (answer.status_code, answer.json) == (200, {"outcome": "unreadable"})


def test_strangers_and_wrong_forms_change_nothing(app: Flask, client: FlaskClient, key: str) -> None:
    before = dump(app)
    bounce = write_bounce(key)
    refused = [
        client.post("/hooks/bounces", data=bounce, content_type=MESSAGE),
        client.post("/hooks/bounces", data=bounce, content_type=MESSAGE, headers={"Authorization": "Bearer x"}),
        client.post("/hooks/bounces", data=bounce, content_type="text/plain", headers=PROOF),
        client.post("/hooks/bounces", data=b"x" * (LARGEST_REQUEST_BYTES + 1), content_type=MESSAGE, headers=PROOF),
        client.get("/hooks/bounces", headers=PROOF),
    ]
    assert [answer.status_code for answer in refused] == [401, 401, 415, 413, 405]
    assert dump(app) == before


def test_without_a_secret_there_is_no_such_page(make_app: Callable[..., Flask]) -> None:
    client = make_app().test_client()
    answer = client.post("/hooks/bounces", data=b"x", content_type=MESSAGE, headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


def test_desk_shows_what_came_back_on_the_delivery_and_in_the_worklist(
    app: Flask, client: FlaskClient, key: str
) -> None:
    for says in ({"action": "delayed", "status": "4.4.1", "own_id": "a"}, {"status": "5.2.2", "own_id": "b"}):
        client.post("/hooks/bounces", data=write_bounce(key, **says), content_type=MESSAGE, headers=PROOF)
    app.config["WTF_CSRF_ENABLED"] = False
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    with database(app) as session:
        reference = session.scalars(select(Inquiry.reference)).one()
    page = rita.get(f"/desk/inquiries/{reference}").text
    for words in (
        "Not passed on yet: the mail server does not answer (4.4.1)",
        "Came back: the mailbox is full (5.2.2)",
        "A mail server sent the letter back",
        "Send again",
    ):
        assert words in page
    assert "Came back: the mailbox is full (5.2.2)" in rita.get("/desk?bin=failed").text
