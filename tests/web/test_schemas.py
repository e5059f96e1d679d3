"""Every message has a schema that anybody may fetch, and it says what is really sent."""

import json

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, ValidationError

from leadgen.config import ROOT
from leadgen.delivery.events import EVENTS, FORMS, EventType
from leadgen.models import About
from tests.schemas import check_message

PAGE = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
INDEX = "/api/v1/schemas"


@pytest.mark.parametrize("event", EventType)
def test_each_type_has_a_valid_schema_that_names_itself(client: FlaskClient, event: EventType) -> None:
    answer = client.get(f"{INDEX}/{event}.json")
    schema = answer.get_json(force=True)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"http://127.0.0.1:8000{INDEX}/{event}.json"
    assert schema["properties"]["type"]["const"] == event
    assert answer.content_type == "application/schema+json"


def test_the_index_leads_to_every_schema(client: FlaskClient) -> None:
    found = client.get(INDEX).get_json()
    assert list(found) == [event.value for event in EventType]
    for address in found.values():
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_schema_may_be_kept_and_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get(f"{INDEX}/lead.created.json")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in first.headers
    again = client.get(f"{INDEX}/lead.created.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["lead.sold", "lead.created.json", "..", "LEAD.CREATED"])
def test_there_is_no_schema_of_what_is_never_sent(client: FlaskClient, name: str) -> None:
    assert client.get(f"{INDEX}/{name}.json").status_code == 404


def test_everything_that_a_delivery_is_about_has_a_type_and_a_form() -> None:
    assert set(EVENTS) == set(About)
    assert set(FORMS) == set(EventType) == {*EVENTS.values(), EventType.test}


def test_fields_may_be_added_later_but_none_is_sent_that_no_schema_names(client: FlaskClient) -> None:
    erased = {
        "type": "lead.erased",
        "timestamp": "2026-11-24T18:20:11Z",
        "data": {"lead": "LD-1", "school_reference": None, "erased_at": "2026-11-24T18:20:11Z", "more": 1},
    }
    Draft202012Validator(client.get(f"{INDEX}/lead.erased.json").get_json(force=True)).validate(erased)
    with pytest.raises(ValidationError, match="more"):
        check_message(json.dumps(erased).encode())


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("erased_at", "2026-11-24T18:20:11+00:00"), ("erased_at", None), ("lead", ""), ("school_reference", 7)],
)
def test_what_is_not_as_the_schema_says_fails(field: str, wrong: object) -> None:
    data = {"lead": "LD-1", "school_reference": None, "erased_at": "2026-11-24T18:20:11Z"}
    message = {"type": "lead.erased", "timestamp": "2026-11-24T18:20:11Z", "data": data | {field: wrong}}
    with pytest.raises(ValidationError):
        check_message(json.dumps(message).encode())
