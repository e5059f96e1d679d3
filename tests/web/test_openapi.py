"""The door is as its description says: every route is in it, every answer has its form, whatever is asked."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select

from leadgen.delivery.feed.offer import number_entries, offer
from leadgen.models import Delivery
from leadgen.web.access import Audience, find_audience
from leadgen.web.api.openapi import describe_door
from leadgen.web.api.operations import OPERATIONS
from tests.api_reference import PAGE, write_page
from tests.inquiries import add_school, send_inquiry
from tests.schemas import close
from tests.web.systems import System, start_system
from tests.web.workplace import database


@pytest.fixture
def system(app: Flask) -> System:
    """A system that has a lead in its feed."""
    with database(app) as session:
        add_school(session, "larkspur")
        send_inquiry(session, ["larkspur"])
        offer(session, session.scalars(select(Delivery.id)).one())
        number_entries(session)
        session.commit()
    return start_system(app)


def test_description_is_open_to_everybody_and_may_be_kept(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "http://127.0.0.1:8000/api/v1"}]


def test_every_route_for_systems_is_described_and_no_other(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if find_audience(app, rule.endpoint) is Audience.system]
    routes = {
        (method, rule.rule, rule.endpoint) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(each.method, f"/api/v1{each.path}", f"api.{each.name}") for each in OPERATIONS}


def test_answers_have_the_form_that_is_described_and_no_field_beside(system: System) -> None:
    key = system.get("/feed").json["items"][0]["id"]
    answers = {
        "/school": system.get("/school"),
        "/feed": system.get("/feed"),
        "/feed/ack": system.post("/feed/ack", json={"through": key}),
        "/days": system.get("/days?from=2026-11-01&to=2026-11-03"),
    }
    door, wrong = describe_door(), {}
    for operation in OPERATIONS:
        described = door["paths"][operation.path][operation.method.lower()]["responses"]["200"]["content"]
        schema = described["application/json"]["schema"] | {"components": close(door["components"])}
        found = Draft202012Validator(schema).iter_errors(answers[operation.path].json)
        wrong |= {f"{operation.path}{error.json_path}": error.message for error in found}
    assert wrong == {}


def test_reference_in_the_docs_is_as_the_door_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == write_page(page), "run `make api-reference`"


def test_recipe_in_the_docs_gives_our_days(system: System) -> None:
    (recipe,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    names: dict[str, Any] = {}
    exec(recipe, names)
    items = system.get("/feed").json["items"]
    day = datetime.fromisoformat(items[0]["timestamp"]).astimezone(ZoneInfo("America/Chicago")).date()
    told = system.get(f"/days?from={day}&to={day}").json
    (count, hashed) = names["hash_day"](items, day.isoformat(), told["timezone"])
    assert told["days"] == [{"day": day.isoformat(), "count": count, "sha256": hashed}]
    assert count == 1
