"""The map of a form post at the desk: written, looked at, kept; and what its answers pay."""

import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.delivery.posting.keep import open_secrets
from leadgen.models import Endpoint, EndpointKind, EndpointState, Receipt, ReceiptKind
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.posting import describe_posting
from tests.web.workplace import database, sign_in

MAP = json.dumps(describe_posting() | {"secrets": {"api_key": "k3y-of-theirs"}}, indent=2)


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An admin; Larkspur takes form posts at endpoint 1."""
    with database(app) as session:
        add_school(
            session, "larkspur", kind=EndpointKind.form_post, address="https://larkspur.example/post", secret=None
        )
        session.commit()
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def send(client: FlaskClient, text: str, path: str = "map", **more: str) -> TestResponse:
    fields = {"map": text, "seen": "1", "reason": "first_map"} | more
    return client.post(f"/desk/endpoints/1/{path}", data=fields)


def read_map(page: str) -> str:
    found = re.search(r'<textarea[^>]* name="map"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def read_endpoint(app: Flask) -> Endpoint:
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        session.expunge(endpoint)
        return endpoint


def test_a_map_is_kept_as_a_new_version_with_its_reason(app: Flask, ada: FlaskClient) -> None:
    assert '"name": "first_name"' in read_map(ada.get("/desk/endpoints/1/map").text)
    answer = send(ada, MAP)
    assert (answer.status_code, answer.location) == (303, "/desk/endpoints/1#map")
    page = ada.get("/desk/endpoints/1").text
    for words in ("this is a new version", "{{ phone | national }}", "not in their area", "$.result", "$.price"):
        assert words in page, words
    assert "It is the first map of this endpoint" in page, "the history tells why"
    endpoint = read_endpoint(app)
    assert (endpoint.version, endpoint.state) == (2, EndpointState.testing)
    with app.app_context():
        assert open_secrets(open_vault(), 1, endpoint.posting_sealed) == {"api_key": "k3y-of-theirs"}


def test_what_is_kept_comes_back_without_its_secret_and_can_be_sent_again(app: Flask, ada: FlaskClient) -> None:
    send(ada, MAP)
    again = read_map(ada.get("/desk/endpoints/1/map").text)
    assert "k3y" not in again
    assert json.loads(again)["secrets"] == {"api_key": None}
    send(ada, again, seen="2")
    assert "Nothing differs" in ada.get("/desk/endpoints/1").text
    assert read_endpoint(app).version == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n  "lead": {\n    "rows" []\n  }\n}', "Line 3: It is no JSON from here on"),
        ('{\n "lead": {"rows": [\n  {"name": "a"},\n  {"nmae": "b"}\n ]}}', "Line 4, lead.rows.1.name"),
        (
            '{\n "lead": {"rows": [\n  {"name": "mail",\n   "value": "{{ emial }}"}\n ]}}',
            "Line 4, lead.rows.0.value: We have no field emial here. Did you mean email?",
        ),
        (
            '{"lead": {"rows": [{"name": "k", "value": "{{ secret.key }}"}]}}',
            "Line 1, secrets.key: Enter the secret key",
        ),
        ("", "Line 1: It is no JSON"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_typed_is_lost(
    app: Flask, ada: FlaskClient, text: str, told: str
) -> None:
    for path in ("map", "map/preview") if "secret" not in text else ("map",):
        answer = send(ada, text, path, answer="<b>their answer</b>")
        assert answer.status_code == 422
        assert told in unescape(answer.text), answer.text
        assert read_map(answer.text) == text
        assert "&lt;b&gt;their answer" in answer.text
        assert 'value="first_map" selected' in answer.text
    assert read_endpoint(app).version == 1


def test_nothing_is_kept_without_a_reason(app: Flask, ada: FlaskClient) -> None:
    answer = send(ada, MAP, reason="because")
    assert (answer.status_code, "Choose a reason first" in answer.text) == (422, True)
    assert read_map(answer.text) == MAP
    assert read_endpoint(app).version == 1


def test_the_second_of_two_editors_is_told_who_was_first_and_may_go_over_it(app: Flask, ada: FlaskClient) -> None:
    bea = sign_in(app, "bea@firststep.example", RoleName.admin)
    send(ada, MAP)
    mine = MAP.replace("spring", "autumn")
    answer = send(bea, mine)
    assert answer.status_code == 409
    for words in ("Somebody else was first.", "ada@firststep.example", "made version 2", "What is kept now"):
        assert words in answer.text, words
    assert read_map(answer.text) == mine
    assert read_endpoint(app).version == 2
    assert 'name="seen" value="2"' in answer.text
    assert send(bea, mine, seen="2").status_code == 303
    assert read_endpoint(app).version == 3


def test_a_preview_shows_the_exact_request_masked_and_sends_and_keeps_nothing(app: Flask, ada: FlaskClient) -> None:
    answer = send(ada, MAP, "map/preview", answer='{"result": "success", "id": 7, "price": "12.50"}', reason="")
    shown = unescape(answer.text)
    assert answer.status_code == 200
    for words in (
        "POST https://larkspur.example/post",
        "Content-Type: application/x-www-form-urlencoded",
        "first=Test&phone=%28312%29+555-0100",
        "by rule 1.",
        "It pays: $12.50",
    ):
        assert words in shown, words
    assert "k3y" not in shown[: shown.index("<textarea")]
    assert read_map(answer.text) == MAP
    assert read_endpoint(app).version == 1


def test_only_a_form_post_has_such_a_page_and_only_for_whoever_may_change_endpoints(
    app: Flask, ada: FlaskClient
) -> None:
    with database(app) as session:
        add_school(session, "bramble")
        session.commit()
    assert ada.get("/desk/endpoints/2/map").status_code == 404
    rhea = sign_in(app, "rhea@firststep.example", RoleName.reader)
    assert rhea.get("/desk/endpoints/1/map").status_code == 403
    assert send(rhea, MAP).status_code == 403
    assert "Write a map" not in rhea.get("/desk/endpoints/1").text


def test_the_desk_shows_what_a_school_pays(app: Flask, ada: FlaskClient) -> None:
    send(ada, MAP)
    with database(app) as session:
        sent = send_inquiry(session, ["larkspur"])
        delivery = sent.leads[0].deliveries[0]
        session.add(
            Receipt(
                delivery_id=delivery.id,
                kind=ReceiptKind.accepted,
                event_id="answer:1",
                source="answer",
                received_at=delivery.created_at,
                price_cents=1250,
            )
        )
        session.commit()
        reference = sent.reference
    assert "it pays $12.50" in ada.get(f"/desk/inquiries/{reference}").text


def test_a_map_is_drafted_from_what_the_school_handed_over_and_kept_once_somebody_looked_through_it(
    app: Flask, ada: FlaskClient
) -> None:
    spec = "curl https://crm.larkspur.example/in -d fname=Jane -d zipcode=60601 -d source=W7"
    answers = {"accepted": '{"status": "ok", "id": 7}', "rejected": '{"status": "no"}'}
    drafted = ada.post("/desk/endpoints/1/map/draft", data={"spec": spec} | answers)
    assert drafted.status_code == 200
    for words in ("A draft to correct.", "source is unknown here", "https://crm.larkspur.example/in"):
        assert words in drafted.text, words
    text = read_map(drafted.text)
    assert send(ada, text, "map/preview").status_code == 200
    refused = send(ada, text)
    assert (refused.status_code, "Look through what is left to do" in refused.text) == (422, True)
    assert read_endpoint(app).version == 1
    done = {name: part for name, part in json.loads(text).items() if name != "todo"}
    assert send(ada, json.dumps(done)).status_code == 303
    assert read_endpoint(app).version == 2


def test_a_spec_that_cannot_be_read_stays_on_the_page_with_the_reason(ada: FlaskClient) -> None:
    answer = ada.post("/desk/endpoints/1/map/draft", data={"spec": "curl 'x", "accepted": "<yes>", "rejected": ""})
    assert answer.status_code == 422
    for words in ("The command ends inside a quote", "curl &#39;x", "&lt;yes&gt;"):
        assert words in answer.text, words
