"""What a school gets, rebuilt from the rows each time: JSON for a webhook, a letter, or form fields.

A withdrawal and an erasure carry the two references and nothing about the person; a change carries the whole lead as
it is now.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from leadgen.delivery.batch.cover import write_cover
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.events import EVENTS, EventType, Lead, References, Told, name_schema
from leadgen.delivery.posting.fields import complete_fields
from leadgen.delivery.posting.keep import open_posting
from leadgen.delivery.posting.request import OpenPosting, choose_message, write_body, write_row
from leadgen.delivery.posting.sheet import CONTENT_TYPES, write_sheet
from leadgen.delivery.school_letter import write_school_letter
from leadgen.geo.zips import ZipError, find_place
from leadgen.models import About, Channel, EndpointKind
from leadgen.models.consent import find_wording_language
from leadgen.vault import Vault

BATCH_SCHEMA = "batch/1"
PHONE_CHANNELS = frozenset({Channel.call, Channel.text})


def build_parcel(vault: Vault, facts: Row[Any], *, masked: bool = False) -> Parcel:
    """The parcel of a delivery; ``masked``: for a person to see, without the secrets of a map. Raises VaultError where
    the person cannot be unsealed (any more)."""
    opened = open_posting(vault, facts)
    return wrap(
        facts, EVENTS[facts.about], tell(vault, facts), opened.mask() if opened and masked else opened, masked=masked
    )


def tell(vault: Vault, facts: Row[Any]) -> Told:
    """What the school is told, in the form of its event."""
    match facts.about:
        case About.withdrawal:
            return {**name_lead(facts), "withdrawn_at": write_moment(facts.withdrawn_at or facts.created_at)}
        case About.erasure:
            return {**name_lead(facts), "erased_at": write_moment(facts.erased_at or facts.created_at)}
        case About.change:
            lead = describe_lead(facts, open_person(vault, facts))
            return {**lead, "changed_at": write_moment(facts.created_at)}
        case _:
            return describe_lead(facts, open_person(vault, facts))


def name_lead(facts: Row[Any]) -> References:
    """Which lead it is, in both sides' words."""
    return {"lead": facts.lead_reference, "school_reference": facts.school_reference}


def open_person(vault: Vault, facts: Row[Any]) -> dict[str, Any]:
    """Name, email, phone and contact wishes of an inquiry. Raises ErasedError once she was erased."""
    key = vault.open_key(facts.wrapped_key, f"contact:{facts.reference}")
    person: dict[str, Any] = key.open_json(facts.sealed or b"", "person")
    return person


def describe_lead(facts: Row[Any], person: dict[str, Any]) -> Lead:
    """The lead as every carrier tells it: who, where, what she wants, and her consent."""
    channels = [Channel(word) for word in sorted((facts.channels or "").split(",")) if word]
    return {
        **name_lead(facts),
        "person": {
            "name": person["name"],
            # she may have given either for another school on her list
            "email": person["email"] if Channel.email in channels else None,
            "phone": (person["phone"] or None) if PHONE_CHANNELS.intersection(channels) else None,
            "contact_times": person["times"],
            "language": person.get("language", "en"),
            "time_zone": find_zone(facts.zip),
            "preferred_channel": next((each for each in channels if each == person.get("prefers")), None),
        },
        "place": {"zip": facts.zip, "city": facts.city, "state": facts.state},
        "program": {"slug": facts.program, "title": facts.program_title},
        "offering": facts.offering_id,
        "distance_miles": None if facts.distance_miles is None else round(facts.distance_miles, 1),
        "wants": {
            "format": facts.criteria["format"],
            "credential": facts.criteria["credential"],
            "certifications": facts.criteria["certifications"],
            "age": facts.criteria["age"],
            "education": facts.criteria["education"],
        },
        "consent": {
            "given_at": write_moment(facts.given_at),
            "channels": channels,
            "words": facts.words,
            "language": find_wording_language(facts.wording_version),
            "wording_version": facts.wording_version,
            "words_sha256": facts.words_sha256,
        },
        "received_at": write_moment(facts.received_at),
    }


def find_zone(zip_code: str) -> str | None:
    """The time zone of her ZIP code, in which her contact times are meant; None where it cannot be placed."""
    try:
        return find_place(zip_code).timezone
    except ZipError:
        return None


def wrap(
    facts: Row[Any], event: EventType, told: Told, opened: OpenPosting | None = None, *, masked: bool = False
) -> Parcel:
    """What is told as the endpoint's kind of carrier takes it, by the endpoint's map where it has one."""
    match facts.kind:
        case EndpointKind.email:
            return write_school_letter(facts, event, told, masked=masked)
        case EndpointKind.form_post if opened is not None:
            return _write_mapped(facts, event, told, opened)
        case EndpointKind.form_post:
            fields = flatten(event, told)
            form = urlencode(fields).encode()
            return Parcel(form, "application/x-www-form-urlencoded", name_schema(event), fields=fields)
        case EndpointKind.batch:
            row = write_cells(facts, event, told, opened)
            return write_file(opened, [row], f"{facts.key}", facts.letter_language)
        case _:
            return Parcel(write_message(facts, event, told), "application/json", name_schema(event))


def write_cells(facts: Row[Any], event: EventType, told: Told, opened: OpenPosting | None) -> list[str]:
    """The row of a daily file that tells this. Raises ValueError where there is no map."""
    if opened is None or opened.posting.batch is None:
        raise ValueError("this daily file has no map")
    return write_row(opened, complete_fields(dict(flatten(event, told)), told, facts.key))


def write_file(opened: OpenPosting | None, rows: Sequence[Sequence[str]], name: str, language: str) -> Parcel:
    """A daily file of these rows, and the letter around it in this language. A file of one row alone stands for the row
    wherever one delivery is shown."""
    assert opened is not None
    assert opened.posting.batch is not None
    kind = opened.posting.batch.file
    body = write_sheet(kind, [row.name for row in opened.posting.lead.rows], rows)
    subject, cover = write_cover(language, name, len(rows))
    filename = f"{name}.{kind}"
    return Parcel(body, CONTENT_TYPES[kind], BATCH_SCHEMA, subject=subject, filename=filename, cover=cover)


def write_message(facts: Row[Any], event: EventType, told: Told) -> bytes:
    """The message of a webhook, as its schema says (`leadgen.delivery.events`)."""
    message = {"type": event, "timestamp": write_moment(facts.created_at), "data": told}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _write_mapped(facts: Row[Any], event: EventType, told: Told, opened: OpenPosting) -> Parcel:
    message = choose_message(opened.posting, is_lead=facts.about is About.lead)
    if message is None:
        raise ValueError("this form post has no map for notices")
    fields = complete_fields(dict(flatten(event, told)), told, facts.key)
    body, content_type = write_body(opened, message, fields)
    return Parcel(body, content_type, name_schema(event))


def flatten(event: EventType, told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fixed field list of form_post: plain names, lists joined by commas, unknown values left empty."""
    person, place, wants, consent = (told.get(name, {}) for name in ("person", "place", "wants", "consent"))
    fields = {
        "event": event,
        "lead_id": told["lead"],
        "full_name": person.get("name"),
        "email": person.get("email"),
        "phone": person.get("phone"),
        "contact_times": person.get("contact_times"),
        "time_zone": person.get("time_zone"),
        "preferred_channel": person.get("preferred_channel"),
        "language": person.get("language"),
        "zip": place.get("zip"),
        "city": place.get("city"),
        "state": place.get("state"),
        "program": told.get("program", {}).get("slug"),
        "program_title": told.get("program", {}).get("title"),
        "offering_id": told.get("offering"),
        "distance_miles": told.get("distance_miles"),
        "format": wants.get("format"),
        "credential": wants.get("credential"),
        "certifications": wants.get("certifications"),
        "education": wants.get("education"),
        "consent_at": consent.get("given_at"),
        "consent_channels": consent.get("channels"),
        "consent_text": consent.get("words"),
        "consent_sha256": consent.get("words_sha256"),
    }
    if told.get("test"):
        fields |= {"test": "true"}
    return tuple((name, _flat(value)) for name, value in fields.items())


def _flat(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def write_moment(moment: datetime) -> str:
    """A moment in UTC, to the second, as every message writes it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
