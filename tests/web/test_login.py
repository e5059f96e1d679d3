"""Signing in: to our own pages only, with the same answer to every wrong try, and out by a form."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, update

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user, change_password, find_user
from leadgen.database import prepare_engine
from leadgen.models import Event, Subject, User
from tests.inquiries import add_school
from tests.web.workplace import PASSWORD, database, sign_in

EMAIL = "rita@firststep.example"


@pytest.fixture
def rita(app: Flask) -> None:
    """A reviewer."""
    with database(app) as session:
        add_user(session, EMAIL, PASSWORD, RoleName.reviewer, None, "test")
        session.commit()


def try_login(client: FlaskClient, email: str, password: str, query: str = "") -> tuple[int, str, str]:
    answer = client.post(f"/login{query}", data={"email": email, "password": password})
    return answer.status_code, answer.location or "", answer.text


def test_staff_land_at_the_desk(app: Flask) -> None:
    client = sign_in(app, EMAIL, RoleName.reviewer)
    assert client.get("/welcome").location == "/desk"


def test_school_lands_at_the_portal(app: Flask) -> None:
    with database(app) as session:
        add_school(session, "larkspur")
    client = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    assert client.get("/welcome").location == "/portal"


def test_letter_case_of_the_address_does_not_matter(client: FlaskClient, rita: None) -> None:
    assert try_login(client, "Rita@FirstStep.example", PASSWORD)[0] == 302


def test_wrong_password_and_unknown_user_get_the_same_answer(client: FlaskClient, rita: None) -> None:
    wrong = try_login(client, EMAIL, "wrong horse battery")
    unknown = try_login(client, "nobody@firststep.example", "wrong horse battery")
    assert wrong[0] == unknown[0] == 200
    pages = [re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', "", page) for page in (wrong[2], unknown[2])]
    assert pages[0].replace(EMAIL, "") == pages[1].replace("nobody@firststep.example", "")
    assert "Please check these answers" in wrong[2]


def test_user_who_is_switched_off_gets_the_same_answer(app: Flask, client: FlaskClient, rita: None) -> None:
    with database(app) as session:
        user = find_user(session, EMAIL)
        assert user is not None
        user.active = False
        session.commit()
    off = try_login(client, EMAIL, PASSWORD)
    assert off[:2] == (200, "")
    assert "Please check these answers" in off[2]


def test_next_goes_on_to_our_own_page(client: FlaskClient, rita: None) -> None:
    asked = client.get("/desk/schools?name=lark")
    assert asked.status_code == 302
    where = asked.location.removeprefix("/login")
    assert try_login(client, EMAIL, PASSWORD, where)[1] == "/desk/schools?name=lark"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "///evil.example",
        "%20//evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "/%0d%0a/evil.example",
        "/%5c/evil.example",
        "%e3%80%80//evil.example",
        "javascript:alert(1)",
        "/desk%0d%0aSet-Cookie:%20a=b",
        "https:evil.example",
        "@evil.example",
    ],
)
def test_next_never_leads_off_our_site(client: FlaskClient, rita: None, target: str) -> None:
    where = try_login(client, EMAIL, PASSWORD, f"?next={target}")[1]
    # browsers read a backslash as a slash
    assert urlsplit(urljoin("http://localhost/login", where.replace("\\", "/"))).netloc == "localhost"
    assert where == "/welcome"


def test_signing_out_is_a_post(app: Flask) -> None:
    client = sign_in(app, EMAIL, RoleName.reviewer)
    assert client.get("/logout").status_code in (404, 405)
    assert client.get("/desk").status_code == 200
    assert client.post("/logout").location == "/login"
    assert client.get("/desk").status_code == 302


def test_new_password_ends_every_session(app: Flask) -> None:
    client = sign_in(app, EMAIL, RoleName.reviewer)
    with database(app) as session:
        user = session.scalars(select(User)).one()
        change_password(session, user, "another horse battery", "test")
        session.commit()
    assert client.get("/desk").status_code == 302
    assert try_login(client, EMAIL, "another horse battery")[0] == 302


def test_account_history_tells_what_was_done_and_no_address(app: Flask, rita: None) -> None:
    with database(app) as session:
        events = session.scalars(select(Event).where(Event.subject == Subject.account)).all()
        assert [event.kind for event in events] == ["user.added"]
        assert "rita" not in repr([event.data for event in events])


def test_reading_does_not_wait_for_a_writer(app: Flask) -> None:
    client = sign_in(app, EMAIL, RoleName.reviewer)
    engine = prepare_engine(create_engine(app.config["SQLALCHEMY_ENGINES"]["default"]["url"]))
    with engine.connect() as writer:
        writer.execute(update(User).values(active=User.active))
        assert client.get("/desk").status_code == 200
        writer.rollback()
    engine.dispose()
