"""The published JSON Schemas, closed: a field that a schema does not name is a fault too."""

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from leadgen.delivery.events import EventType, write_schema


def close(schema: Any) -> Any:
    """The same schema, without the leave to add fields."""
    if isinstance(schema, list):
        return [close(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: close(each) for name, each in schema.items()}
    return closed | {"additionalProperties": False} if "properties" in closed else closed


@cache
def open_validator(event: EventType) -> Draft202012Validator:
    return Draft202012Validator(close(write_schema(event)))


def check_message(body: bytes) -> None:
    """Raises ValidationError where a message is not as the schema of its type says."""
    message = json.loads(body)
    open_validator(EventType(message["type"])).validate(message)
