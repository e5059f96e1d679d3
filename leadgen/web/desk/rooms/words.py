"""The words of the directory's rooms: choices, reasons, and what an event changed."""

from typing import Any

from flask import Flask

from leadgen.directory.reasons import list_reasons
from leadgen.models import (
    Credential,
    Education,
    EndpointKind,
    EndpointState,
    Event,
    Format,
    Route,
    SchoolStatus,
    Signature,
    Takes,
)
from leadgen.review.schools import BY_LEADS, BY_NAME, LISTED, RETIRED
from leadgen.web.translate import gettext, lazy_gettext

STATUS_WORDS: dict[str, str] = {
    SchoolStatus.taking: lazy_gettext("Taking inquiries"),
    SchoolStatus.paused: lazy_gettext("Paused"),
    SchoolStatus.closed: lazy_gettext("Closed"),
    LISTED: lazy_gettext("Listed"),
    RETIRED: lazy_gettext("Retired"),
}
STANDING_WORDS = {"current": lazy_gettext("In use"), RETIRED: lazy_gettext("Retired")}
KIND_WORDS: dict[str, str] = {
    EndpointKind.email: lazy_gettext("Email"),
    EndpointKind.webhook: lazy_gettext("Webhook"),
    EndpointKind.form_post: lazy_gettext("Form post"),
    EndpointKind.portal: lazy_gettext("Portal"),
    EndpointKind.batch: lazy_gettext("Daily file"),
}
ENDPOINT_STATE_WORDS: dict[str, str] = {
    EndpointState.live: lazy_gettext("Live"),
    EndpointState.testing: lazy_gettext("Testing"),
    EndpointState.paused: lazy_gettext("Paused"),
    EndpointState.broken: lazy_gettext("Broken"),
    RETIRED: lazy_gettext("Retired"),
}
TAKES_WORDS: dict[str, str] = {
    Takes.leads: lazy_gettext("Leads alone"),
    Takes.everything: lazy_gettext("Leads and notices"),
    Takes.notices: lazy_gettext("Notices alone"),
}
SIGNATURE_WORDS: dict[str, str] = {
    Signature.hmac: lazy_gettext("Shared secret (HMAC)"),
    Signature.ed25519: lazy_gettext("Key pair (ed25519)"),
}
ROUTE_WORDS: dict[str, str] = {
    Route.all: lazy_gettext("Every endpoint gets every lead"),
    Route.first: lazy_gettext("The first gets a lead; the next only after a clear no"),
}
FORMAT_WORDS: dict[str, str] = {
    Format.campus: lazy_gettext("On campus"),
    Format.online: lazy_gettext("Online"),
    Format.hybrid: lazy_gettext("Hybrid"),
}
CREDENTIAL_WORDS: dict[str, str] = {
    Credential.certificate: lazy_gettext("Certificate"),
    Credential.diploma: lazy_gettext("Diploma"),
    Credential.associate: lazy_gettext("Associate degree"),
}
EDUCATION_WORDS: dict[str, str] = {
    Education.none: lazy_gettext("None"),
    Education.ged: lazy_gettext("GED or another equivalency"),
    Education.high_school: lazy_gettext("High-school diploma"),
}
SORT_WORDS = {BY_NAME: lazy_gettext("By name"), BY_LEADS: lazy_gettext("Most leads first")}

FIELD_WORDS = {
    "unitid": "UNITID",
    "name": lazy_gettext("name"),
    "length_months": lazy_gettext("length in months"),
    "tuition_usd": lazy_gettext("tuition"),
    "fees_usd": lazy_gettext("fees"),
    "books_usd": lazy_gettext("books and supplies"),
    "exam_usd": lazy_gettext("exam"),
    "price_per_lead_usd": lazy_gettext("price of a lead"),
    "min_age": lazy_gettext("lowest age"),
    "zip": lazy_gettext("ZIP code"),
    "campus": lazy_gettext("campus"),
    "retired": lazy_gettext("whether it is in use"),
}
UNCHANGED = lazy_gettext("changed")

# those who are no users, in the middle of a sentence
ACTORS = {
    "cli": lazy_gettext("the command line"),
    "directory": lazy_gettext("the directory import"),
    "worker": lazy_gettext("the worker"),
    "system": lazy_gettext("the system"),
}


def register(app: Flask) -> None:
    """Give the desk's templates the filters that these pages need."""
    app.add_template_filter(write_value, "value")
    app.add_template_filter(name_field, "field_name")
    app.add_template_global(list_reasons, "list_reasons")


def name_field(name: str) -> str:
    """A column as a person reads it."""
    return FIELD_WORDS.get(name, name.replace("_", " "))


def write_value(value: Any) -> str:
    """A value of a column, as the history or a form keeps it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or gettext("none")
    return gettext("not given") if value in (None, "") else str(value)


def tell_changes(event: Event) -> list[tuple[str, str]]:
    """What an event of the directory changed: pairs of a field and ``old → new``; of several records, each named."""
    told = [_tell_field(name, pair, "") for name, pair in (event.data.get("fields") or {}).items()]
    for record, fields in (event.data.get("changes") or {}).items():
        told += [_tell_field(name, pair, record) for name, pair in (fields or {}).items()] or [("", record)]
    return told


def _tell_field(name: str, pair: Any, record: str) -> tuple[str, str]:
    field = f"{record}: {name_field(name)}" if record else name_field(name)
    if not isinstance(pair, list):
        return field, str(UNCHANGED)
    return field, " → ".join(write_value(value) for value in pair)
