"""The JSON Schema of each message that a school's webhook gets: public, and the same for everybody."""

from flask import Response, abort, url_for

from leadgen.delivery.events import EventType, write_schema
from leadgen.extensions import current_settings
from leadgen.web.access import Audience, audience
from leadgen.web.api.blueprint import bp
from leadgen.web.api.publish import publish

MEDIA_TYPE = "application/schema+json"


@bp.get("/schemas")
@audience(Audience.everybody)
def schemas() -> Response:
    """Where the schema of each type of message is."""
    return publish({event.value: _locate(event) for event in EventType})


@bp.get("/schemas/<event>.json")
@audience(Audience.everybody)
def schema(event: str) -> Response:
    """The schema of one type."""
    if event not in set(EventType):
        abort(404)
    found = EventType(event)
    return publish({"$id": _locate(found), **write_schema(found)}, MEDIA_TYPE)


def _locate(event: EventType) -> str:
    return current_settings().base_url + url_for("api.schema", event=event.value)
