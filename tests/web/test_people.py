"""Who looks after people: invites, changes roles, switches off; each circle by itself, and never the last admin."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.accounts.people import OffReason, switch_off
from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user, find_user
from leadgen.history import read_history
from leadgen.models import Subject, User
from tests.inquiries import add_school
from tests.web.mailbox import find_path, read_letters
from tests.web.rooms import count_statements
from tests.web.second_steps import set_up_app
from tests.web.workplace import PASSWORD, database, sign_in

MOST_STATEMENTS = 9  # PostgreSQL is asked for the time too
NEW_PASSWORD = "violet kettle orbit nineteen"
ADMIN, NINA = "adam@firststep.example", "nina@firststep.example"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """An admin at the desk."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "harebell")
    return sign_in(app, ADMIN, RoleName.admin)


@pytest.fixture
def owner(app: Flask, admin: FlaskClient) -> FlaskClient:
    """Who looks after a school."""
    return sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")


def find(app: Flask, email: str) -> User:
    with database(app) as session:
        user = find_user(session, email)
        assert user is not None, email
        assert user.roles
        session.expunge_all()
        return user


def invite(client: FlaskClient, where: str, email: str, role: str, **more: str) -> str:
    return client.post(f"{where}/invite", data={"email": email, "role": role, **more}, follow_redirects=True).text


def accept(app: Flask, email: str, password: str = NEW_PASSWORD, name: str = "Nina Example") -> FlaskClient:
    client = app.test_client()
    client.post(find_path(app, email), data={"name": name, "password": password})
    return client


def act(client: FlaskClient, where: str, user: User, what: str, **fields: str) -> str:
    return client.post(f"{where}/{user.id}/{what}", data=fields, follow_redirects=True).text


def list_kinds(app: Flask, user: User) -> list[str]:
    with database(app) as session:
        return [event.kind for event in read_history(session, Subject.account, user.id)]


def test_school_owner_invites_to_the_own_school_and_to_no_other(app: Flask, owner: FlaskClient) -> None:
    cora = "cora@larkspur.example"
    invite(owner, "/portal/people", cora, "counsellor", school_id="harebell", school="harebell", active="1")
    assert find(app, cora).school_id == "larkspur"
    client = accept(app, cora, name="Cora Example")
    assert client.get("/portal").status_code == 200
    assert client.get("/portal/people").status_code == 403


@pytest.mark.parametrize("role", ["admin", "reviewer", "reader", "nobody", ""])
def test_school_owner_makes_nobody_staff(app: Flask, owner: FlaskClient, role: str) -> None:
    assert "Choose a role" in invite(owner, "/portal/people", "eve@larkspur.example", role)
    cora = "cora@larkspur.example"
    invite(owner, "/portal/people", cora, "counsellor")
    act(owner, "/portal/people", find(app, cora), "role", role=role, school_id="")
    user = find(app, cora)
    assert [each.name for each in user.roles] == ["counsellor"]
    assert user.school_id == "larkspur"


def test_admin_looks_after_the_users_of_a_school(app: Flask, admin: FlaskClient) -> None:
    where = "/desk/schools/harebell/people"
    assert "Choose a role" in invite(admin, where, "hal@harebell.example", "admin")
    invite(admin, where, "hal@harebell.example", "owner")
    assert find(app, "hal@harebell.example").school_id == "harebell"
    assert "hal@harebell.example" in admin.get(where).text
    assert "hal@harebell.example" not in admin.get("/desk/people").text
    assert admin.get(f"/desk/people/{find(app, 'hal@harebell.example').id}").status_code == 404
    assert admin.get("/desk/schools/nowhere/people").status_code == 404


ACTS = [("GET", ""), ("POST", "/role"), ("POST", "/off"), ("POST", "/on"), ("POST", "/again"), ("POST", "/second-step")]


@pytest.mark.parametrize(("method", "act"), ACTS)
def test_owner_of_another_school_finds_nobody(app: Flask, owner: FlaskClient, method: str, act: str) -> None:
    charlie = sign_in(app, "charlie@harebell.example", RoleName.owner, "harebell")
    fields = {"role": "school_reader", "reason": "left"}
    for email in ("lou@larkspur.example", ADMIN):
        address = f"/portal/people/{find(app, email).id}{act}"
        assert charlie.open(address, method=method, data=fields).status_code == 404
    assert find(app, "lou@larkspur.example").active


def test_new_role_signs_out_and_tells(app: Flask, admin: FlaskClient) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    user = find(app, "rita@firststep.example")
    act(admin, "/desk/people", user, "role", role="reader")
    assert rita.get("/desk").status_code == 302
    assert list_kinds(app, user)[-2:] == ["user.sign_ins_ended", "user.role_changed"]
    assert [kind for kind, _ in read_letters(app, user.email)] == ["account_changed:role"]
    rita.post("/login", data={"email": user.email, "password": PASSWORD})
    assert rita.get("/desk").status_code == 200
    assert rita.post("/desk/endpoints/1/pause").status_code == 403


def test_switched_off_is_out_at_once_and_on_again_with_the_old_password(app: Flask, admin: FlaskClient) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    user = find(app, "rita@firststep.example")
    assert "Choose a reason" in act(admin, "/desk/people", user, "off")
    act(admin, "/desk/people", user, "off", reason="left")
    assert rita.get("/desk").status_code == 302
    assert rita.post("/login", data={"email": user.email, "password": PASSWORD}).status_code == 200
    assert "switched off already" in act(admin, "/desk/people", user, "off", reason="left")
    act(admin, "/desk/people", user, "on")
    assert "not switched off" in act(admin, "/desk/people", user, "on")
    assert rita.post("/login", data={"email": user.email, "password": PASSWORD}).status_code == 302


def test_link_to_a_new_password_ends_when_its_user_is_switched_off(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    accept(app, NINA)
    app.test_client().post("/lost-password", data={"email": NINA})
    path, nina = find_path(app, NINA), find(app, NINA)
    act(admin, "/desk/people", nina, "off", reason="suspicion")
    assert app.test_client().post(path, data={"password": "another violet kettle"}).status_code == 410
    assert find(app, NINA).password == nina.password


def test_nobody_changes_the_own_account_here(app: Flask, admin: FlaskClient) -> None:
    user = find(app, ADMIN)
    for what, fields in (("role", {"role": "reader"}), ("off", {"reason": "left"}), ("second-step", {})):
        assert "Ask a colleague" in act(admin, "/desk/people", user, what, **fields)
    assert "This is you" in admin.get(f"/desk/people/{user.id}").text


def test_last_admin_stays(app: Flask, admin: FlaskClient) -> None:
    with database(app) as session:
        last = find_user(session, ADMIN)
        other = add_user(session, "ada@firststep.example", PASSWORD, RoleName.admin, None, "test")
        assert last is not None
        switch_off(session, other, OffReason.left, f"user:{last.id}")
        with pytest.raises(Exception, match="last admin"):
            switch_off(session, last, OffReason.left, "user:0")


def test_lost_second_step_is_removed_by_a_colleague(app: Flask, admin: FlaskClient) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    set_up_app(rita)
    user = find(app, "rita@firststep.example")
    act(admin, "/desk/people", user, "second-step")
    assert rita.get("/desk").status_code == 302
    again = app.test_client()
    assert again.post("/login", data={"email": user.email, "password": PASSWORD}).location == "/welcome"
    assert find(app, user.email).mf_recovery_codes is None


@pytest.mark.parametrize("act", ["invite", "1/role", "1/off", "1/on", "1/second-step"])
def test_people_are_changed_only_by_who_showed_lately_who_it_is(admin: FlaskClient, act: str) -> None:
    with admin.session_transaction() as cookie:
        del cookie["proved_at"]
    answer = admin.post(f"/desk/people/{act}", data={"role": "admin", "email": NINA})
    assert answer.status_code == 303
    assert answer.location in ("/account/confirm?next=/desk/people", "/account/confirm?next=/desk/people/1")


STORED = "<script>alert(1)</script>{{7*7}}\"' onmouseover=x"


def test_script_in_a_name_stays_a_name(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    nina = accept(app, NINA, name=STORED)
    user = find(app, NINA)
    pages = [admin.get("/desk/people"), admin.get(f"/desk/people/{user.id}"), nina.get("/account")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "{{7*7}}" in page.text
        assert not re.search(r"<[^>]* onmouseover=", page.text)


def test_list_asks_the_same_few_questions_however_many_there_are(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    few = count_statements(admin, "people", app)
    for number in range(10):
        invite(admin, "/desk/people", f"nina-{number}@firststep.example", "reader")
    assert count_statements(admin, "people", app) == few <= MOST_STATEMENTS
