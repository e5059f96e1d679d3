"""A sign-in is a row: it lapses, is listed, and ends everywhere at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, update

from leadgen.accounts.guesses import name_try
from leadgen.accounts.passwords import is_password_of
from leadgen.accounts.roles import RoleName
from leadgen.accounts.sign_ins import forget_sign_ins
from leadgen.accounts.users import add_user, change_password, find_user
from leadgen.clock import now
from leadgen.database import prepare_engine
from leadgen.history import read_history, verify
from leadgen.models import Chain, Event, Guesses, SignIn, Subject, User
from leadgen.tokens import hash_token
from leadgen.web.account import password as password_view
from leadgen.web.account import sign_in as sign_in_view
from tests.web.workplace import PASSWORD, database, sign_in

EMAIL = "rita@firststep.example"
NEW = "another horse battery"


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, signed in."""
    return sign_in(app, EMAIL, RoleName.reviewer)


def sign_in_again(app: Flask, email: str = EMAIL, client: FlaskClient | None = None) -> FlaskClient:
    client = client or app.test_client()
    assert client.post("/login", data={"email": email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def read_sign_ins(app: Flask) -> list[SignIn]:
    with database(app) as session:
        rows = list(session.scalars(select(SignIn).order_by(SignIn.id)))
        session.expunge_all()
        return rows


def move_back(app: Flask, passed: timedelta, *names: str) -> None:
    with database(app) as session:
        for row in session.scalars(select(SignIn)):
            for name in names:
                setattr(row, name, getattr(row, name) - passed)
        session.commit()


def list_kinds(app: Flask, email: str = EMAIL) -> list[str]:
    with database(app) as session:
        user = find_user(session, email)
        assert user is not None
        events = read_history(session, Subject.account, user.id)
        assert list(verify(events, session.get(Chain, (Subject.account, str(user.id))))) == []
        return [event.kind for event in events]


def test_cookie_holds_a_token_of_which_we_keep_the_hash(app: Flask, rita: FlaskClient) -> None:
    with rita.session_transaction() as cookie:
        token = cookie["sign_in"]
        assert set(cookie) == {"sign_in", "proved_at", "_flashes"}
    (row,) = read_sign_ins(app)
    assert row.token_hash == hash_token(token)
    assert row.ends_at - row.started_at == timedelta(hours=8)


def test_half_an_hour_without_the_user_ends_it(app: Flask, rita: FlaskClient) -> None:
    move_back(app, timedelta(minutes=29), "seen_at")
    assert is_in(rita)
    move_back(app, timedelta(minutes=29), "seen_at")
    assert is_in(rita), "the page before counted as being there"
    move_back(app, timedelta(minutes=31), "seen_at")
    assert not is_in(rita)


def test_pages_that_refresh_themselves_keep_nobody_signed_in(app: Flask, rita: FlaskClient) -> None:
    move_back(app, timedelta(minutes=20), "seen_at")
    assert rita.get("/desk", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    move_back(app, timedelta(minutes=11), "seen_at")
    assert not is_in(rita)


def test_eight_hours_end_it_whatever_happens(app: Flask, rita: FlaskClient) -> None:
    move_back(app, timedelta(hours=7, minutes=59), "started_at", "ends_at")
    assert is_in(rita)
    move_back(app, timedelta(minutes=2), "ends_at")
    assert not is_in(rita)


def test_being_there_is_noted_once_a_minute_and_no_reader_waits_for_it(app: Flask, rita: FlaskClient) -> None:
    (before,) = read_sign_ins(app)
    rita.get("/desk")
    assert read_sign_ins(app)[0].seen_at == before.seen_at
    move_back(app, timedelta(minutes=2), "seen_at")
    engine = prepare_engine(create_engine(app.config["SQLALCHEMY_ENGINES"]["default"]["url"]))
    with engine.connect() as writer:
        writer.execute(update(User).values(active=User.active))
        writer.execute(update(SignIn).values(browser="Locked"))
        assert rita.get("/desk").status_code == 200
        writer.rollback()
    engine.dispose()
    rita.get("/desk")
    assert read_sign_ins(app)[0].seen_at >= before.seen_at


def test_token_is_new_at_each_sign_in_and_what_was_planted_is_gone(app: Flask, rita: FlaskClient) -> None:
    """Session fixation: an attacker's own cookie, put into the victim's browser before she signs in."""
    attacker = sign_in(app, "eve@firststep.example", RoleName.reader)
    victim = app.test_client()
    with attacker.session_transaction() as own, victim.session_transaction() as planted:
        known = own["sign_in"]
        planted.update({"sign_in": known, "csrf_token": "known to the attacker", "new_app_key": "known as well"})
    sign_in_again(app, client=victim)
    with victim.session_transaction() as cookie:
        assert cookie["sign_in"] != known
        assert not {"csrf_token", "new_app_key"} & set(cookie)
    assert "eve@firststep.example" in attacker.get("/account").text
    assert EMAIL in victim.get("/account").text
    assert len({row.token_hash for row in read_sign_ins(app)}) == 3


def test_copy_of_the_cookie_is_worth_nothing_after_signing_out(app: Flask, rita: FlaskClient) -> None:
    thief = app.test_client()
    with rita.session_transaction() as mine, thief.session_transaction() as stolen:
        stolen.update(mine)
    assert is_in(thief)
    rita.post("/logout")
    assert not is_in(thief)


def test_stolen_session_ends_with_a_new_password(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        user = session.scalars(select(User)).one()
        change_password(session, user, "another horse battery", "test")
        session.commit()
    assert not is_in(rita)
    assert {row.ended_why for row in read_sign_ins(app)} == {"password"}


def change_while_comparing(app: Flask, monkeypatch: pytest.MonkeyPatch, view: ModuleType) -> None:
    """From now on the owner has a new password by the time that a password was found to be right."""

    def change() -> None:
        with database(app) as session:
            change_password(session, session.scalars(select(User)).one(), NEW, "test")
            session.commit()

    def compare(user: User | None, typed: str) -> bool:
        genuine = is_password_of(user, typed)
        with ThreadPoolExecutor(1) as owner:
            owner.submit(change).result()
        return genuine

    monkeypatch.setattr(view, "is_password_of", compare)


def test_old_password_opens_nothing_that_outlives_it(
    app: Flask, rita: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_while_comparing(app, monkeypatch, sign_in_view)
    thief = app.test_client()
    thief.post("/login", data={"email": EMAIL, "password": PASSWORD})
    assert not is_in(thief)
    assert list_kinds(app)[-1] == "user.refused"


def test_old_password_changes_nothing_once_there_is_a_new_one(
    app: Flask, rita: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_while_comparing(app, monkeypatch, password_view)
    rita.post("/account/password", data={"old": PASSWORD, "password": "cobalt lantern drizzle seven"})
    assert not is_in(rita)
    with database(app) as session:
        assert is_password_of(find_user(session, EMAIL), NEW)


def test_old_cookie_of_the_library_opens_nothing(app: Flask, rita: FlaskClient) -> None:
    client = app.test_client()
    with database(app) as session:
        user = session.scalars(select(User)).one()
        uniquifier, number = user.fs_uniquifier, user.id
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": uniquifier, "_fresh": True, "user_id": number})
    assert not is_in(client)
    client.set_cookie("remember_token", f"{uniquifier}|0")
    assert not is_in(client)


def test_sign_ins_are_listed_and_one_is_ended(app: Flask, rita: FlaskClient) -> None:
    elsewhere = sign_in_again(app)
    page = rita.get("/account").text
    numbers = re.findall(r"/account/sign-ins/(\d+)/end", page)
    assert len(numbers) == 2
    assert page.count(">this one<") == 1
    other = max(int(number) for number in numbers)
    assert rita.post(f"/account/sign-ins/{other}/end").location == "/account"
    assert is_in(rita)
    assert not is_in(elsewhere)
    assert rita.post(f"/account/sign-ins/{other}/end").status_code == 404, "it ended already"


def test_everything_else_is_ended_at_once(app: Flask, rita: FlaskClient) -> None:
    others = [sign_in_again(app) for _ in range(3)]
    rita.post("/account/sign-ins/end")
    assert is_in(rita)
    assert [is_in(each) for each in others] == [False] * 3


def test_nobody_ends_the_sign_in_of_another(app: Flask, rita: FlaskClient) -> None:
    stranger = sign_in(app, "adam@firststep.example", RoleName.admin)
    ritas = read_sign_ins(app)[0].id
    assert stranger.post(f"/account/sign-ins/{ritas}/end").status_code == 404
    assert is_in(rita)


def test_history_of_the_account_tells_of_signing_in_refusals_and_the_end(app: Flask, rita: FlaskClient) -> None:
    rita.post("/login", data={"email": EMAIL, "password": "wrong horse battery"})
    other = sign_in_again(app)
    rita.post("/account/sign-ins/end")
    rita.post("/logout")
    assert not is_in(other)
    kinds = ["user.added", "user.signed_in", "user.refused", "user.signed_in", "user.sign_ins_ended", "user.signed_out"]
    assert list_kinds(app) == kinds


def test_what_strangers_type_is_written_nowhere(app: Flask, client: FlaskClient) -> None:
    client.post("/login", data={"email": "secret-typed-here@mail.example", "password": "wrong horse battery"})
    with database(app) as session:
        assert session.scalars(select(Event)).all() == []


def test_guessing_is_slowed_down_and_the_page_stays_open(app: Flask, client: FlaskClient) -> None:
    with database(app) as session:
        add_user(session, EMAIL, PASSWORD, RoleName.reviewer, None, "test")
        session.commit()
    for account in (EMAIL, "nobody@firststep.example"):
        wrong = {"email": account, "password": "wrong horse battery"}
        answers = [client.post("/login", data=wrong) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429], account
        assert int(answers[-1].headers["Retry-After"]) <= 3
        assert re.search(r"Wait [12] second", answers[-1].text)
    with database(app) as session:
        session.execute(update(Guesses).values(failures=Guesses.failures + 4))
        session.commit()
    right = {"email": EMAIL, "password": PASSWORD}
    assert client.post("/login", data=right).status_code == 429, "waiting is waiting"
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.post("/login", data=right, environ_base=elsewhere).status_code == 302
    assert client.get("/login", environ_base={"REMOTE_ADDR": "198.51.100.8"}).status_code in (200, 302)


def test_known_browser_is_not_slowed_down_by_its_neighbours(app: Flask, rita: FlaskClient) -> None:
    rita.post("/logout")
    neighbour = app.test_client()
    for _ in range(8):
        neighbour.post("/login", data={"email": EMAIL, "password": "wrong horse battery"})
    sign_in_again(app, client=rita)
    assert is_in(rita)


def test_neighbours_who_guess_keep_nobody_from_confirming_who_it_is(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        at = now(session)
        place = name_try(app.config["SECRET_KEY"], "nobody@firststep.example", "127.0.0.1", None).place
        session.merge(Guesses(about=place, failures=40, last_at=at))
        session.commit()
    assert app.test_client().post("/login", data={"email": EMAIL, "password": PASSWORD}).status_code == 429
    assert rita.post("/account/confirm", data={"password": PASSWORD}).status_code == 303


def test_sign_ins_that_are_long_over_are_forgotten(app: Flask, rita: FlaskClient) -> None:
    sign_in_again(app)
    old, young = read_sign_ins(app)
    with database(app) as session:
        session.execute(update(SignIn).where(SignIn.id == old.id).values(ends_at=old.ends_at - timedelta(days=31)))
        session.commit()
        forget_sign_ins(session)
        session.commit()
    assert [row.id for row in read_sign_ins(app)] == [young.id]
