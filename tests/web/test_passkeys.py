"""A passkey's answer is good once: not again with the cookie of before, nor after it was refused."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from leadgen.accounts.challenges import forget_challenges
from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import find_user
from leadgen.clock import database_now
from leadgen.models import UsedChallenge
from tests.web.authenticator import Authenticator
from tests.web.workplace import database, sign_in

RITA = "rita@firststep.example"
ORIGIN = "http://localhost:8000"
COOKIE = "leadgen_session"


@pytest.fixture
def phone(app: Flask) -> Authenticator:
    """Rita's, who can do without a password."""
    sign_in(app, RITA, RoleName.reviewer)
    made = Authenticator()
    with database(app) as session:
        user = find_user(session, RITA)
        assert user is not None
        user.webauthn.append(made.make_passkey())
        session.commit()
    return made


def read_cookie(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    assert found is not None
    return found.value


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk").status_code == 200


def test_an_answer_opens_once_whatever_cookie_comes_with_it(app: Flask, phone: Authenticator) -> None:
    browser, thief = app.test_client(), app.test_client()
    answer = phone.answer(browser.post("/login/passkey/options").text, ORIGIN)
    copied = read_cookie(browser)
    browser.post("/login/passkey", data={"credential": answer})
    assert is_in(browser)
    thief.set_cookie(COOKIE, copied)
    refused = thief.post("/login/passkey", data={"credential": answer}, follow_redirects=True)
    assert "This was answered before" in refused.text
    assert not is_in(thief)
    browser.set_cookie(COOKIE, copied)
    browser.post("/login/passkey", data={"credential": answer})
    assert not is_in(browser)


def test_a_refused_answer_uses_the_challenge_up(app: Flask, phone: Authenticator) -> None:
    browser = app.test_client()
    options = browser.post("/login/passkey/options").text
    copied = read_cookie(browser)
    browser.post("/login/passkey", data={"credential": phone.answer(options, "http://elsewhere.example")})
    browser.set_cookie(COOKIE, copied)
    browser.post("/login/passkey", data={"credential": phone.answer(options, ORIGIN)})
    assert not is_in(browser)


def test_used_challenges_are_forgotten_once_they_have_run_out(app: Flask, phone: Authenticator) -> None:
    browser = app.test_client()
    browser.post(
        "/login/passkey", data={"credential": phone.answer(browser.post("/login/passkey/options").text, ORIGIN)}
    )
    with database(app) as session:
        forget_challenges(session)
        assert len(session.scalars(select(UsedChallenge)).all()) == 1
        session.execute(update(UsedChallenge).values(until=database_now(-1)))
        forget_challenges(session)
        assert session.scalars(select(UsedChallenge)).all() == []


@pytest.mark.parametrize("answer", ["", "{}", "null", "[]", "7", '"\\ud800"', "[" * 50_000, '{"id": 1, "rawId": []}'])
def test_an_answer_that_is_none_is_refused(app: Flask, phone: Authenticator, answer: str) -> None:
    browser = app.test_client()
    browser.post("/login/passkey/options")
    assert browser.post("/login/passkey", data={"credential": answer}).status_code == 303
    assert not is_in(browser)
