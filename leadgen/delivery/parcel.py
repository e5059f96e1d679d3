"""What a school gets, rebuilt from the rows each time: JSON for a webhook, a letter, or form fields.

News about a lead (a withdrawal) carries the two references and nothing about the person.
"""

import json
from typing import Any
from urllib.parse import urlencode

from flask import render_template
from sqlalchemy import Row

from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.posting.fields import complete_fields
from leadgen.delivery.posting.keep import open_posting
from leadgen.delivery.posting.request import OpenPosting, choose_message, write_body
from leadgen.models import About, Channel, EndpointKind
from leadgen.vault import Vault

TYPES = {
    About.lead: "lead.created",
    About.withdrawal: "lead.withdrawn",
    About.change: "lead.changed",
    About.erasure: "lead.erased",
}
SCHEMA_VERSION = 1
PHONE_CHANNELS = frozenset({Channel.call, Channel.text})
WANTS = ("format", "credential", "certifications", "age", "education")


def build_parcel(vault: Vault, facts: Row[Any], *, masked: bool = False) -> Parcel:
    """The parcel of a delivery; ``masked``: for a person to see, without the secrets of a map. Raises VaultError where
    the person cannot be unsealed (any more)."""
    data = {"lead": facts.lead_reference, "school_reference": facts.school_reference}
    if facts.about is About.lead:
        data |= describe_lead(facts, open_person(vault, facts))
    elif facts.about is About.withdrawal:
        data |= {"withdrawn_at": _iso(facts.withdrawn_at)}
    opened = open_posting(vault, facts)
    return wrap(facts, data, opened.mask() if opened and masked else opened)


def open_person(vault: Vault, facts: Row[Any]) -> dict[str, Any]:
    """Name, email, phone and contact times of an inquiry. Raises ErasedError once she was erased."""
    key = vault.open_key(facts.wrapped_key, f"contact:{facts.reference}")
    person: dict[str, Any] = key.open_json(facts.sealed or b"", "person")
    return person


def describe_lead(facts: Row[Any], person: dict[str, Any]) -> dict[str, Any]:
    """The lead as every carrier tells it: who, where, what she wants, and her consent."""
    channels = [Channel(word) for word in sorted((facts.channels or "").split(",")) if word]
    return {
        "person": {
            "name": person["name"],
            # she may have given either for another school on her list
            "email": person["email"] if Channel.email in channels else None,
            "phone": (person["phone"] or None) if PHONE_CHANNELS.intersection(channels) else None,
            "contact_times": person["times"],
        },
        "place": {"zip": facts.zip, "city": facts.city, "state": facts.state},
        "program": {"slug": facts.program, "title": facts.program_title},
        "offering": facts.offering_id,
        "distance_miles": None if facts.distance_miles is None else round(facts.distance_miles, 1),
        "wants": {
            name: facts.criteria[name] for name in ("format", "credential", "certifications", "age", "education")
        },
        "consent": {
            "given_at": _iso(facts.given_at),
            "channels": [str(channel) for channel in channels],
            "words": facts.words,
            "wording_version": facts.wording_version,
            "words_sha256": facts.words_sha256,
        },
        "received_at": _iso(facts.received_at),
    }


def wrap(facts: Row[Any], data: dict[str, Any], opened: OpenPosting | None = None) -> Parcel:
    """The data as the endpoint's kind of carrier takes them, by the endpoint's map where it has one."""
    kind = TYPES[facts.about]
    schema = f"{kind}/{SCHEMA_VERSION}"
    match facts.kind:
        case EndpointKind.email:
            return _write_letter(facts, data, schema)
        case EndpointKind.form_post if opened is not None:
            return _write_mapped(facts, data, opened, schema)
        case EndpointKind.form_post:
            fields = flatten(kind, data)
            return Parcel(urlencode(fields).encode(), "application/x-www-form-urlencoded", schema, fields=fields)
        case _:
            body = {"type": kind, "timestamp": _iso(facts.created_at), "data": data}
            return Parcel(
                json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), "application/json", schema
            )


def _write_mapped(facts: Row[Any], data: dict[str, Any], opened: OpenPosting, schema: str) -> Parcel:
    message = choose_message(opened.posting, is_lead=facts.about is About.lead)
    if message is None:
        raise ValueError("this form post has no map for notices")
    fields = complete_fields(dict(flatten(TYPES[facts.about], data)), data, facts.key)
    body, content_type = write_body(opened, message, fields)
    return Parcel(body, content_type, schema)


def _write_letter(facts: Row[Any], data: dict[str, Any], schema: str) -> Parcel:
    folder = f"letters/{TYPES[facts.about].replace('.', '_')}"
    subject = " ".join(render_template(f"{folder}/subject.txt", data=data).split())
    body = render_template(f"{folder}/body.txt", data=data)
    return Parcel(
        body.encode(), "text/plain", schema, subject=subject, html=render_template(f"{folder}/body.html", data=data)
    )


def flatten(kind: str, data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fixed field list of form_post: plain names, lists joined by commas, unknown values left empty."""
    person, place, wants, consent = (data.get(name, {}) for name in ("person", "place", "wants", "consent"))
    fields = {
        "event": kind,
        "lead_id": data["lead"],
        "full_name": person.get("name"),
        "email": person.get("email"),
        "phone": person.get("phone"),
        "contact_times": person.get("contact_times"),
        "zip": place.get("zip"),
        "city": place.get("city"),
        "state": place.get("state"),
        "program": data.get("program", {}).get("slug"),
        "program_title": data.get("program", {}).get("title"),
        "offering_id": data.get("offering"),
        "distance_miles": data.get("distance_miles"),
        "format": wants.get("format"),
        "credential": wants.get("credential"),
        "certifications": wants.get("certifications"),
        "education": wants.get("education"),
        "consent_at": consent.get("given_at"),
        "consent_channels": consent.get("channels"),
        "consent_text": consent.get("words"),
        "consent_sha256": consent.get("words_sha256"),
    }
    if data.get("test"):
        fields |= {"test": "true"}
    return tuple((name, _flat(value)) for name, value in fields.items())


def _flat(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _iso(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
