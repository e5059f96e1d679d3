"""A lost password comes back by letter, once, and nobody learns who has an account. A new one ends every sign-in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import find_user
from tests.web.mailbox import find_path, read_letters
from tests.web.second_steps import set_up_app
from tests.web.workplace import PASSWORD, database, sign_in

EMAIL = "rita@firststep.example"
NEW = "violet kettle orbit nineteen"


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, signed in."""
    return sign_in(app, EMAIL, RoleName.reviewer)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def can_sign_in(app: Flask, password: str) -> bool:
    return app.test_client().post("/login", data={"email": EMAIL, "password": password}).status_code == 302


def test_letter_brings_a_new_password_once_and_ends_every_sign_in(app: Flask, rita: FlaskClient) -> None:
    client = app.test_client()
    client.post("/lost-password", data={"email": EMAIL.upper()})
    path = find_path(app, EMAIL)
    assert client.get(path).status_code == 200
    assert is_in(rita), "asking and looking change nothing"
    assert client.post(path, data={"password": NEW}).location == "/login"
    assert not is_in(rita)
    assert not is_in(client), "the second step, or the password, is asked for as ever"
    assert (can_sign_in(app, NEW), can_sign_in(app, PASSWORD)) == (True, False)
    assert client.get(path).status_code == 410
    assert client.post(path, data={"password": "another violet kettle"}).status_code == 410
    assert [kind for kind, _ in read_letters(app, EMAIL)][-1] == "account_changed:password"


def test_answer_is_the_same_for_addresses_without_an_account(app: Flask, rita: FlaskClient) -> None:
    client = app.test_client()
    known = client.post("/lost-password", data={"email": EMAIL})
    unknown = client.post("/lost-password", data={"email": "nobody@firststep.example"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(EMAIL, "") == unknown.text.replace("nobody@firststep.example", "")


def test_nobody_is_flooded_with_letters(app: Flask, rita: FlaskClient) -> None:
    client = app.test_client()
    answers = {client.post("/lost-password", data={"email": EMAIL}).status_code for _ in range(8)}
    assert answers == {200}
    assert len(read_letters(app, EMAIL)) == 1, "only the newest waits"
    with database(app) as session:
        user = find_user(session, EMAIL)
        assert user is not None


def test_weak_password_leaves_the_link_good(app: Flask, rita: FlaskClient) -> None:
    client = app.test_client()
    client.post("/lost-password", data={"email": EMAIL})
    path = find_path(app, EMAIL)
    assert "easy to guess" in client.post(path, data={"password": "passwordpassword"}).text
    assert is_in(rita)
    assert client.post(path, data={"password": NEW}).location == "/login"


def test_new_letter_ends_the_link_of_the_old_one(app: Flask, rita: FlaskClient) -> None:
    client = app.test_client()
    client.post("/lost-password", data={"email": EMAIL})
    first = find_path(app, EMAIL)
    client.post("/lost-password", data={"email": EMAIL})
    assert client.get(first).status_code == 410
    assert client.get(find_path(app, EMAIL)).status_code == 200
    assert client.get(first.replace("/password/", "/invitation/")).status_code == 410


def test_second_step_is_asked_for_after_a_reset(app: Flask, rita: FlaskClient) -> None:
    set_up_app(rita)
    client = app.test_client()
    client.post("/lost-password", data={"email": EMAIL})
    client.post(find_path(app, EMAIL), data={"password": NEW})
    assert client.post("/login", data={"email": EMAIL, "password": NEW}).location == "/login/code"


def test_changing_the_password_keeps_this_browser_with_a_new_token(app: Flask, rita: FlaskClient) -> None:
    other = app.test_client()
    other.post("/login", data={"email": EMAIL, "password": PASSWORD})
    with rita.session_transaction() as cookie:
        before = cookie["sign_in"]
    thief = app.test_client()
    with thief.session_transaction() as stolen:
        stolen["sign_in"] = before
    assert "not your password" in rita.post("/account/password", data={"old": "wrong horse", "password": NEW}).text
    assert "easy to guess" in rita.post("/account/password", data={"old": PASSWORD, "password": "1" * 20}).text
    assert is_in(other)
    assert rita.post("/account/password", data={"old": PASSWORD, "password": NEW}).location == "/account"
    assert (is_in(rita), is_in(other), is_in(thief)) == (True, False, False)
    assert can_sign_in(app, NEW)
