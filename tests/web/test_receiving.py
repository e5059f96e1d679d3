"""How a school receives, in its portal: its word on tests that came twice, and nobody else's."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.directory.endpoints import rotate_secret
from leadgen.models import Endpoint, EndpointKind, EndpointTest, Result, Signature
from leadgen.vault import open_vault
from tests.inquiries import add_school
from tests.web.workplace import database, sign_in


@pytest.fixture
def sent_twice(app: Flask) -> int:
    """A test that Larkspur took twice, and that proves nothing yet."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        endpoint = session.scalars(select(Endpoint).where(Endpoint.school_id == "larkspur")).one()
        at = now(session)
        test = EndpointTest(
            endpoint_id=endpoint.id,
            version=endpoint.version,
            key="test_1_x",
            asked_by="user:1",
            asked_at=at,
            started_at=at,
            ended_at=at,
            result=Result.accepted,
            status="202",
            second_status="202",
            twice=True,
            counts_one=False,
        )
        session.add(test)
        session.commit()
        return test.id


@pytest.fixture
def lou(app: Flask, sent_twice: int) -> FlaskClient:
    return sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")


def test_the_public_key_stands_there_and_a_secret_never_does(app: Flask, lou: FlaskClient) -> None:
    assert "the secret that we gave you" in lou.get("/portal/receiving").text
    with database(app) as session:
        rotate_secret(session, open_vault(), "larkspur", "t", at_once=False, signature=Signature.ed25519)
        key = session.scalars(select(Endpoint.public_key).where(Endpoint.school_id == "larkspur")).one()
        session.commit()
    page = lou.get("/portal/receiving").text
    assert (key is not None and key in page, "The one before it signs too" in page) == (True, True)
    assert "whsec_" not in page
    assert "whsk_" not in page


def read_endpoint(app: Flask) -> bool:
    with database(app) as session:
        return session.scalars(select(Endpoint.dedupes).where(Endpoint.school_id == "larkspur")).one()


def test_the_owner_says_that_it_stands_there_once(app: Flask, lou: FlaskClient, sent_twice: int) -> None:
    page = lou.get("/portal/receiving").text
    assert f"TEST-{sent_twice}" in page
    assert "Not known to drop repeats" in page
    answer = lou.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "one"}, follow_redirects=True)
    assert "Thank you" in answer.text
    assert "Counts a repeat once" in answer.text
    assert "Once</button>" not in answer.text
    assert read_endpoint(app)


def test_the_owner_says_that_it_stands_there_twice(app: Flask, lou: FlaskClient, sent_twice: int) -> None:
    answer = lou.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "two"}, follow_redirects=True)
    assert "your system counts two" in answer.text
    assert not read_endpoint(app)
    again = lou.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "one"}, follow_redirects=True)
    assert "Somebody has answered this already. Nothing was changed." in again.text


def test_whoever_is_of_another_school_finds_no_such_test(app: Flask, sent_twice: int) -> None:
    charlie = sign_in(app, "charlie@bramble.example", RoleName.owner, "bramble")
    assert charlie.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "one"}).status_code == 404
    assert f"TEST-{sent_twice}" not in charlie.get("/portal/receiving").text
    assert not read_endpoint(app)


@pytest.mark.parametrize("role", [RoleName.counsellor, RoleName.school_reader])
def test_only_an_owner_speaks_for_the_system(app: Flask, sent_twice: int, role: RoleName) -> None:
    client = sign_in(app, "cora@larkspur.example", role, "larkspur")
    assert client.get("/portal/receiving").status_code == 403
    assert client.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "one"}).status_code == 403


def test_anything_else_is_no_answer(lou: FlaskClient, sent_twice: int) -> None:
    assert lou.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "three"}).status_code == 400


def test_a_daily_file_that_came_twice_is_not_asked_about(app: Flask, lou: FlaskClient, sent_twice: int) -> None:
    with database(app) as session:
        larkspur = select(Endpoint).where(Endpoint.school_id == "larkspur")
        endpoint = session.scalars(larkspur).one()
        endpoint.kind, endpoint.dedupes = EndpointKind.batch, True
        session.commit()
    page = lou.get("/portal/receiving").text
    assert "Not known to drop repeats" in page
    assert f"TEST-{sent_twice}" not in page
    answer = lou.post(f"/portal/receiving/{sent_twice}/count", data={"counts": "one"}, follow_redirects=True)
    assert "Each daily file has another name, so one that came twice proves nothing." in answer.text
