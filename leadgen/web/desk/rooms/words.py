"""The words of the directory's rooms: choices, reasons, and what an event changed."""

from typing import Any

from flask import Flask

from leadgen.directory.reasons import list_reasons
from leadgen.guides.loader import find_program
from leadgen.models import Credential, Education, EndpointKind, EndpointState, Event, Format, Route, SchoolStatus, Takes
from leadgen.review.schools import BY_LEADS, BY_NAME, LISTED, RETIRED

STATUS_WORDS: dict[str, str] = {
    SchoolStatus.taking: "Taking inquiries",
    SchoolStatus.paused: "Paused",
    SchoolStatus.closed: "Closed",
    LISTED: "Listed",
    RETIRED: "Retired",
}
STANDING_WORDS = {"current": "In use", RETIRED: "Retired"}
KIND_WORDS: dict[str, str] = {
    EndpointKind.email: "Email",
    EndpointKind.webhook: "Webhook",
    EndpointKind.form_post: "Form post",
    EndpointKind.portal: "Portal",
}
ENDPOINT_STATE_WORDS: dict[str, str] = {
    EndpointState.live: "Live",
    EndpointState.testing: "Testing",
    EndpointState.paused: "Paused",
    EndpointState.broken: "Broken",
    RETIRED: "Retired",
}
TAKES_WORDS: dict[str, str] = {
    Takes.leads: "Leads alone",
    Takes.everything: "Leads and notices",
    Takes.notices: "Notices alone",
}
ROUTE_WORDS: dict[str, str] = {
    Route.all: "Every endpoint gets every lead",
    Route.first: "The first gets a lead; the next only after a clear no",
}
FORMAT_WORDS: dict[str, str] = {Format.campus: "On campus", Format.online: "Online", Format.hybrid: "Hybrid"}
CREDENTIAL_WORDS: dict[str, str] = {
    Credential.certificate: "Certificate",
    Credential.diploma: "Diploma",
    Credential.associate: "Associate degree",
}
EDUCATION_WORDS: dict[str, str] = {
    Education.none: "None",
    Education.ged: "GED or another equivalency",
    Education.high_school: "High-school diploma",
}
SORT_WORDS = {BY_NAME: "By name", BY_LEADS: "Most leads first"}

FIELD_WORDS = {
    "unitid": "UNITID",
    "name": "name",
    "length_months": "length in months",
    "tuition_usd": "tuition",
    "min_age": "lowest age",
    "zip": "ZIP code",
    "campus": "campus",
    "retired": "whether it is in use",
}
UNCHANGED = "changed"

# those who are no users, in the middle of a sentence
ACTORS = {
    "cli": "the command line",
    "directory": "the directory import",
    "worker": "the worker",
    "system": "the system",
}


def register(app: Flask) -> None:
    """Give the desk's templates the filters that these pages need."""
    app.add_template_filter(name_program, "program_title")
    app.add_template_filter(write_value, "value")
    app.add_template_filter(name_field, "field_name")
    app.add_template_global(list_reasons, "list_reasons")


def name_program(slug: str) -> str:
    """The title of a program's guide; the slug in words where there is none."""
    program = find_program(slug)
    return program.title if program else slug.replace("-", " ").capitalize()


def name_field(name: str) -> str:
    """A column as a person reads it."""
    return FIELD_WORDS.get(name, name.replace("_", " "))


def write_value(value: Any) -> str:
    """A value of a column, as the history or a form keeps it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "not given" if value in (None, "") else str(value)


def tell_changes(event: Event) -> list[tuple[str, str]]:
    """What an event of the directory changed: pairs of a field and ``old → new``; of several records, each named."""
    told = [_tell_field(name, pair, "") for name, pair in (event.data.get("fields") or {}).items()]
    for record, fields in (event.data.get("changes") or {}).items():
        told += [_tell_field(name, pair, record) for name, pair in (fields or {}).items()] or [("", record)]
    return told


def _tell_field(name: str, pair: Any, record: str) -> tuple[str, str]:
    field = f"{record}: {name_field(name)}" if record else name_field(name)
    if not isinstance(pair, list):
        return field, UNCHANGED
    return field, " → ".join(write_value(value) for value in pair)
