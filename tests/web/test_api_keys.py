"""Keys of a school's own system: shown once, stored hashed, held to their school, and refused once revoked."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.history import read_history
from leadgen.models import ApiKey, Subject
from tests.inquiries import add_school
from tests.web.systems import System, start_system
from tests.web.workplace import database, dump, sign_in

KEY = re.compile(r"lgk_[0-9a-f]{8}_[\w-]{43}")


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
    return sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")


def make(client: FlaskClient, where: str = "/portal/keys", name: str = "CRM") -> str:
    page = client.post(f"{where}/add", data={"name": name}).text
    found = KEY.search(page)
    assert found, page
    return found[0]


def ask(app: Flask, secret: str) -> int:
    return System(app.test_client(), secret).get("/school").status_code


def read_key(app: Flask) -> ApiKey:
    with database(app) as session:
        key = session.scalars(select(ApiKey)).one()
        session.expunge(key)
        return key


def test_key_is_shown_once_and_stored_nowhere(app: Flask, owner: FlaskClient) -> None:
    secret = make(owner)
    listed = owner.get("/portal/keys").text
    assert secret[:12] in listed
    assert secret not in listed
    assert secret[13:] not in str(dump(app))


def test_key_says_whose_it_is(app: Flask, owner: FlaskClient) -> None:
    answer = System(app.test_client(), secret := make(owner)).get("/school")
    assert answer.json == {
        "school": "larkspur",
        "name": "Larkspur Institute",
        "timezone": "America/Chicago",
        "key": secret[:12],
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_revoked_key_opens_nothing_at_once(app: Flask, owner: FlaskClient) -> None:
    secret = make(owner)
    assert ask(app, secret) == 200
    owner.post(f"/portal/keys/{read_key(app).id}/revoke", data={"reason": "leaked"})
    assert ask(app, secret) == 401
    page = owner.post(f"/portal/keys/{read_key(app).id}/revoke", data={"reason": "unused"}, follow_redirects=True).text
    assert "Revoked already by lou@larkspur.example on" in page


def test_key_is_revoked_for_a_reason(app: Flask, owner: FlaskClient) -> None:
    secret = make(owner)
    page = owner.post(f"/portal/keys/{read_key(app).id}/revoke", follow_redirects=True).text
    assert "Choose a reason. Nothing was changed." in page
    assert ask(app, secret) == 200


def test_history_of_the_school_tells_of_its_keys(app: Flask, owner: FlaskClient) -> None:
    secret = make(owner)
    owner.post(f"/portal/keys/{read_key(app).id}/revoke", data={"reason": "leaked"})
    with database(app) as session:
        lines = [(line.kind, line.data) for line in read_history(session, Subject.school, "larkspur")]
    assert lines == [
        ("key.made", {"key": secret[:12]}),
        ("key.revoked", {"key": secret[:12], "reason": "leaked"}),
    ]


def test_last_use_is_written_down(app: Flask, owner: FlaskClient) -> None:
    secret = make(owner)
    assert read_key(app).used_at is None
    ask(app, secret)
    used_at = read_key(app).used_at
    assert used_at is not None
    ask(app, secret)
    assert read_key(app).used_at == used_at, "to the minute: not a write for each request"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_key_needs_a_name(app: Flask, owner: FlaskClient, name: str) -> None:
    page = owner.post("/portal/keys/add", data={"name": name}, follow_redirects=True).text
    assert "Give the key a name, in at most 60 characters." in page


def test_two_keys_that_hold_never_share_a_name(app: Flask, owner: FlaskClient) -> None:
    make(owner)
    page = owner.post("/portal/keys/add", data={"name": " CRM "}, follow_redirects=True).text
    assert "There is a key with this name already." in page
    owner.post(f"/portal/keys/{read_key(app).id}/revoke", data={"reason": "replaced"})
    make(owner)


def test_school_has_at_most_ten_keys(app: Flask, owner: FlaskClient) -> None:
    for number in range(10):
        make(owner, name=f"System {number}")
    page = owner.post("/portal/keys/add", data={"name": "One more"}, follow_redirects=True).text
    assert "A school has at most 10 keys. Revoke one first." in page


def test_other_school_cannot_revoke(app: Flask, owner: FlaskClient) -> None:
    secret = make(owner)
    charlie = sign_in(app, "charlie@bramble.example", RoleName.owner, "bramble")
    answer = charlie.post(f"/portal/keys/{read_key(app).id}/revoke", data={"reason": "leaked"})
    assert answer.status_code == 404
    assert ask(app, secret) == 200
    assert secret[:12] not in charlie.get("/portal/keys").text


def test_staff_make_and_revoke_on_behalf_of_a_school(app: Flask, owner: FlaskClient) -> None:
    admin = sign_in(app, "adam@firststep.example", RoleName.admin)
    secret = make(admin, "/desk/schools/larkspur/keys")
    assert ask(app, secret) == 200
    elsewhere = admin.post(f"/desk/schools/bramble/keys/{read_key(app).id}/revoke", data={"reason": "leaked"})
    assert elsewhere.status_code == 404
    admin.post(f"/desk/schools/larkspur/keys/{read_key(app).id}/revoke", data={"reason": "leaked"})
    assert ask(app, secret) == 401
    assert "adam@firststep.example" in owner.get("/portal/keys").text


@pytest.mark.parametrize("role", [RoleName.counsellor, RoleName.school_reader])
def test_only_owners_of_a_school_see_its_keys(app: Flask, owner: FlaskClient, role: RoleName) -> None:
    client = sign_in(app, "cora@larkspur.example", role, "larkspur")
    assert client.get("/portal/keys").status_code == 403


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic {}", "Token {}", "Bearer x{}", "Bearer {}x", "Bearer " + "k" * 5_000]
)
def test_whatever_is_no_key_is_told_so(app: Flask, owner: FlaskClient, header: str) -> None:
    secret = make(owner)
    answer = app.test_client().get("/api/v1/school", headers={"Authorization": header.format(secret)})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.get_json(force=True)["title"] == "A key that holds is needed"


def test_cookie_of_a_session_opens_nothing(app: Flask, owner: FlaskClient) -> None:
    assert owner.get("/portal/keys").status_code == 200
    assert owner.get("/api/v1/school").status_code == 401


def test_key_opens_no_page(app: Flask, owner: FlaskClient) -> None:
    bearer = {"Authorization": f"Bearer {make(owner)}"}
    assert app.test_client().get("/portal", headers=bearer).status_code == 302


@pytest.mark.parametrize(("method", "address", "status"), [("GET", "/nowhere", 404), ("DELETE", "/school", 405)])
def test_errors_are_problems_and_never_pages(app: Flask, method: str, address: str, status: int) -> None:
    answer = app.test_client().open(f"/api/v1{address}", method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.get_json(force=True)["status"] == status


def test_who_asks_too_often_is_told_to_wait(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits="true")
    with database(app) as session:
        add_school(session, "larkspur")
    system, other = start_system(app), start_system(app, name="Other")
    answers = [system.get("/school") for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {200}
    assert answers[120].status_code == 429
    assert answers[120].headers["Retry-After"] == "60"
    assert answers[120].get_json(force=True)["title"] == "Too many requests"
    assert other.get("/school").status_code == 200, "each key has a count of its own"


def test_guessing_keys_is_slow(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits="true")
    statuses = [ask(app, f"lgk_{number:08x}_guess") for number in range(32)]
    assert statuses == [401] * 30 + [429] * 2
