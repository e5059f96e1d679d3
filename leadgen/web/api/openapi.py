"""The door described for machines: OpenAPI 3.1, written from the same forms that the views fill and read."""

from functools import cache
from typing import Any

from flask import Response
from pydantic import BaseModel, TypeAdapter

from leadgen.delivery.events import Untitled
from leadgen.extensions import current_settings
from leadgen.web.access import Audience, audience
from leadgen.web.api.blueprint import bp
from leadgen.web.api.operations import OPERATIONS, Operation, Problem
from leadgen.web.api.publish import publish
from leadgen.web.problems import CONTENT_TYPE, TITLES

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{model}"
KEY = "key"


@bp.get("/openapi.json")
@audience(Audience.everybody)
def openapi() -> Response:
    """The description, the same for everybody."""
    return publish({**describe_door(), "servers": [{"url": f"{current_settings().base_url}{bp.url_prefix}"}]})


@cache
def describe_door() -> dict[str, Any]:
    """The OpenAPI document, without the address of this installation."""
    named, schemas = _write_schemas()
    paths: dict[str, Any] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = _describe(each, named)
    bearer = {"type": "http", "scheme": "bearer", "description": "A key of the school, lgk_…"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "What a school should have", "version": VERSION},
        "security": [{KEY: []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {KEY: bearer}},
    }


def list_parameters(query: type[BaseModel]) -> list[dict[str, Any]]:
    """The parameters of a query."""
    written = query.model_json_schema(schema_generator=Untitled)
    required = written.get("required", [])
    return [_describe_parameter(name, form, name in required) for name, form in written["properties"].items()]


def _describe_parameter(name: str, form: dict[str, Any], required: bool) -> dict[str, Any]:
    said = form.pop("description")
    # what may be left out is never sent as null
    schema = next((each for each in form.get("anyOf", []) if each.get("type") != "null"), form)
    schema.pop("default", None) if schema.get("default", 0) is None else None
    return {"name": name, "in": "query", "required": required, "description": said, "schema": schema}


def _write_schemas() -> tuple[dict[Any, Any], dict[str, Any]]:
    """The schema of each form by its use, and what all of them refer to."""
    forms = [each.answer for each in OPERATIONS] + [each.body for each in OPERATIONS if each.body] + [Problem]
    adapters = [(form, "validation", TypeAdapter(form)) for form in forms]
    written: Any = TypeAdapter.json_schemas(adapters, ref_template=REFERENCE, schema_generator=Untitled)  # type: ignore[arg-type]
    return {form: schema for (form, _), schema in written[0].items()}, written[1]["$defs"]


def _describe(operation: Operation, named: dict[Any, Any]) -> dict[str, Any]:
    answers = {"200": _say("What was asked for", "application/json", named[operation.answer])}
    answers |= {str(status): _say(TITLES[status], CONTENT_TYPE, named[Problem]) for status in operation.problems}
    told: dict[str, Any] = {"operationId": operation.name, "summary": operation.summary, "responses": answers}
    if operation.query:
        told["parameters"] = list_parameters(operation.query)
    if operation.body:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": named[operation.body]}}}
    return told


def _say(description: str, content_type: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {content_type: {"schema": schema}}}
