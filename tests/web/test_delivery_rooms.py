"""Endpoints at the desk: added, changed, tested, taken into use; a secret is shown once."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.directory.endpoints import name_secret
from leadgen.history import read_history
from leadgen.models import Endpoint, EndpointKind, EndpointState, EndpointTest, Subject
from leadgen.vault import open_vault
from tests.fake_school import answers
from tests.fake_server import running
from tests.inquiries import add_school
from tests.web.rooms import open_form, save
from tests.web.workplace import database, sign_in

WEBHOOK = {"kind": "webhook", "takes": "everything", "address": "https://larkspur.example/leads", "position": "1"}


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An admin; Larkspur receives in the portal."""
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.portal, address=None, secret=None)
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def add_webhook(client: FlaskClient, **changes: str) -> str:
    """Add it; gives the page that shows the secret."""
    answer = client.post("/desk/schools/larkspur/endpoints/new", data=WEBHOOK | changes)
    assert answer.status_code == 200, answer.text
    return answer.text


def find_webhook(app: Flask) -> int:
    with database(app) as session:
        return session.scalars(select(Endpoint.id).where(Endpoint.kind == EndpointKind.webhook)).one()


def find_kinds(app: Flask) -> list[str]:
    with database(app) as session:
        return [event.kind for event in read_history(session, Subject.school, "larkspur")]


def test_a_new_webhook_shows_its_secret_once_and_waits_for_a_test(app: Flask, ada: FlaskClient) -> None:
    answer = ada.post("/desk/schools/larkspur/endpoints/new", data=WEBHOOK)
    assert answer.headers["Cache-Control"] == "no-store"
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.text)
    assert secret is not None
    number = find_webhook(app)
    page = ada.get(f"/desk/endpoints/{number}").text
    assert "whsec_" not in page
    assert "It is being tested: no lead goes there yet" in page
    with database(app) as session:
        endpoint = session.get_one(Endpoint, number)
        assert endpoint.state is EndpointState.testing
        assert open_vault().open_secret(endpoint.secret_sealed or b"", name_secret("larkspur")) == secret[0]
        told = [str(event.data) for event in read_history(session, Subject.school, "larkspur")]
    assert not [data for data in told if secret[0] in data or "larkspur.example" in data]


def test_what_is_wrong_with_an_endpoint_is_told(ada: FlaskClient) -> None:
    path = "schools/larkspur/endpoints/new"
    for changes, words in (
        ({"address": "http://larkspur.org/leads"}, "Address: enter an address that starts with https://"),
        ({"address": ""}, "Address: enter an address for this kind of delivery"),
        ({"kind": "email", "address": "nobody"}, "Address: enter an e-mail address"),
        ({"kind": "portal"}, "Address: enter nothing, because leads wait in the portal"),
        ({"kind": "portal", "address": ""}, "the school has an endpoint of this kind that takes the same"),
        ({"kind": "form_post"}, "Takes: enter leads alone"),
        ({"kind": "fax"}, "Choose a kind from the list"),
        ({"position": "0"}, "enter a whole number from 1 to 20"),
    ):
        answer = save(ada, path, WEBHOOK | changes)
        assert (answer.status_code, words in answer.text) == (422, True), words


def test_a_test_is_sent_shown_and_lets_the_endpoint_take_leads(app: Flask, ada: FlaskClient) -> None:
    with running(answers(202, b"<b>thanks</b>")) as server:
        add_webhook(ada, address=f"http://127.0.0.1:{server.port}/leads")
        path = f"endpoints/{find_webhook(app)}"
        assert "Send a test first" in save(ada, f"{path}/resume", {"reason": "test_passed"}).text
        assert "The test is on its way" in save(ada, f"{path}/test", {}).text
        assert "A test of this endpoint is under way" in save(ada, f"{path}/test", {}).text
        with app.app_context():
            carry_test(open_dispatcher(), 1)
    page = ada.get(f"/desk/{path}").text
    for words in ("It has it", "202", "&lt;b&gt;thanks&lt;/b&gt;", "A test was accepted", "Endpoint tested"):
        assert words in page, words
    assert "The endpoint is live" in save(ada, f"{path}/resume", {"reason": "test_passed"}).text
    assert find_kinds(app)[-2:] == ["endpoint.tested", "endpoint.live"]


def test_another_address_is_another_version_and_waits_for_its_test(app: Flask, ada: FlaskClient) -> None:
    add_webhook(ada)
    path = f"endpoints/{find_webhook(app)}"
    with database(app) as session:
        session.get_one(Endpoint, find_webhook(app)).state = EndpointState.live
        session.commit()
    fields = open_form(ada, f"{path}/edit")
    moved = {"address": "https://larkspur.example/v2", "test": "y"}
    page = save(ada, f"{path}/edit", fields | moved).text
    assert "https://larkspur.example/v2" in page
    assert "Version</dt><dd>2" in page
    assert "It is being tested" in page
    late = save(ada, f"{path}/edit", fields | {"address": "https://larkspur.example/v3"})
    assert late.status_code == 409
    for words in ("Somebody else was first.", "ada@firststep.example on ", "https://larkspur.example/v3"):
        assert words in late.text, words
    wrong = save(ada, f"{path}/edit", open_form(ada, f"{path}/edit") | {"address": "ftp://x.example"})
    assert (wrong.status_code, 'value="ftp://x.example"' in wrong.text) == (422, True)


def test_a_webhook_that_signs_with_a_pair_shows_its_public_key_whenever_it_is_asked_for(
    app: Flask, ada: FlaskClient
) -> None:
    page = add_webhook(ada, signature="ed25519")
    found = re.search(r"whpk_[A-Za-z0-9+/=]{44}", page)
    assert found is not None
    assert "It is no secret" in page
    number = find_webhook(app)
    shown = ada.get(f"/desk/endpoints/{number}").text
    assert (found[0] in shown, "a key pair (ed25519)" in shown, "whsk_" in page + shown) == (True, True, False)
    with database(app) as session:
        sealed = session.get_one(Endpoint, number).secret_sealed or b""
        assert open_vault().open_secret(sealed, name_secret("larkspur")).startswith("whsk_")


def test_a_rotation_stays_of_its_kind_or_changes_it(app: Flask, ada: FlaskClient) -> None:
    add_webhook(ada)
    number = find_webhook(app)
    for asked, begins in (({"signature": "ed25519"}, "whpk_"), ({}, "whpk_"), ({"signature": "hmac"}, "whsec_")):
        answer = ada.post(f"/desk/endpoints/{number}/rotate", data=asked)
        assert re.findall(r"(wh\w+_)[A-Za-z0-9+/]{10}", answer.text) == [begins]
    assert ada.post(f"/desk/endpoints/{number}/rotate", data={"signature": "rsa"}).status_code == 400


def test_a_secret_is_replaced_and_shown_once(app: Flask, ada: FlaskClient) -> None:
    add_webhook(ada)
    number = find_webhook(app)
    first = ada.post(f"/desk/endpoints/{number}/rotate")
    assert first.headers["Cache-Control"] == "no-store"
    assert "signs beside it" in first.text
    assert "signs nothing any more" in ada.post(f"/desk/endpoints/{number}/rotate", data={"at_once": "yes"}).text
    with database(app) as session:
        assert session.get_one(Endpoint, number).old_secret_sealed is None
        portal = session.scalars(select(Endpoint.id).where(Endpoint.kind == EndpointKind.portal)).one()
    assert "it has no secret" in save(ada, f"endpoints/{portal}/rotate", {}).text
    assert find_kinds(app).count("endpoint.secret_rotated") == 2


def test_where_leads_go_is_changed_only_by_who_showed_lately_who_it_is(app: Flask, ada: FlaskClient) -> None:
    add_webhook(ada)
    path = f"/desk/endpoints/{find_webhook(app)}/edit"
    fields = open_form(ada, path.removeprefix("/desk/"))
    with ada.session_transaction() as cookie:
        cookie["proved_at"] = "2020-01-01T00:00:00+00:00"
    assert ada.get(path).location.startswith("/account/confirm")
    moved = ada.post(path, data=fields | {"address": "https://elsewhere.example/leads"})
    assert moved.location.startswith("/account/confirm")
    with database(app) as session:
        address = select(Endpoint.address).where(Endpoint.kind == EndpointKind.webhook)
        assert session.scalars(address).one() == WEBHOOK["address"]


def test_a_reviewer_switches_endpoints_and_changes_none(app: Flask, ada: FlaskClient) -> None:
    add_webhook(ada)
    number = find_webhook(app)
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    page = rita.get(f"/desk/endpoints/{number}").text
    assert "Send a test lead" not in page
    for verb in ("test", "rotate", "edit", "retire"):
        assert rita.post(f"/desk/endpoints/{number}/{verb}").status_code == 403, verb
    with database(app) as session:
        assert session.scalars(select(EndpointTest)).all() == []


def test_a_daily_file_is_not_offered_a_test_that_goes_twice(app: Flask, ada: FlaskClient) -> None:
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        endpoint.kind, endpoint.address, number = EndpointKind.batch, "intake@larkspur.example", endpoint.id
        session.commit()
    page = ada.get(f"/desk/endpoints/{number}").text
    assert "Send a test lead" in page
    assert "Send one twice" not in page
    answer = ada.post(f"/desk/endpoints/{number}/test", data={"twice": "yes"}, follow_redirects=True)
    assert "A daily file is tested once" in answer.text
    with database(app) as session:
        assert session.scalars(select(EndpointTest)).all() == []
