"""What a school gets, rebuilt from the rows each time: JSON for a webhook, a letter, or form fields.

News about a lead (a withdrawal) carries the two references and nothing about the person.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Parcel
from leadgen.models import About, Channel, Choice, Consent, Delivery, EndpointKind, Inquiry, Lead, Match
from leadgen.vault import Vault

TYPES = {
    About.lead: "lead.created",
    About.withdrawal: "lead.withdrawn",
    About.change: "lead.changed",
    About.erasure: "lead.erased",
}
SCHEMA_VERSION = 1
PHONE_CHANNELS = frozenset({Channel.call, Channel.text})


@dataclass(frozen=True)
class Facts:
    """The rows behind a parcel."""

    delivery: Delivery
    lead: Lead
    inquiry: Inquiry
    consent: Consent
    match: Match | None


def build_parcel(session: Session, vault: Vault, delivery: Delivery) -> Parcel:
    """The parcel of a delivery. Raises VaultError where the person cannot be unsealed (any more)."""
    facts = _collect(session, delivery)
    data = {"lead": facts.lead.reference, "school_reference": facts.lead.school_reference}
    if delivery.about is About.lead:
        data |= describe_lead(facts, open_person(vault, facts.inquiry))
    elif delivery.about is About.withdrawal:
        data |= {"withdrawn_at": _iso(facts.consent.withdrawn_at)}
    return _wrap(facts, data)


def open_person(vault: Vault, inquiry: Inquiry) -> dict[str, Any]:
    """Name, email, phone and contact times of an inquiry. Raises ErasedError once she was erased."""
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    person: dict[str, Any] = key.open_json(inquiry.contact.sealed or b"", "person")
    return person


def describe_lead(facts: Facts, person: dict[str, Any]) -> dict[str, Any]:
    """The lead as every carrier tells it: who, where, what she wants, and her consent."""
    inquiry, consent, match = facts.inquiry, facts.consent, facts.match
    criteria = inquiry.criteria
    channels = [channel.channel for channel in consent.channels]
    return {
        "person": {
            "name": person["name"],
            # she may have given either for another school on her list
            "email": person["email"] if Channel.email in channels else None,
            "phone": (person["phone"] or None) if PHONE_CHANNELS.intersection(channels) else None,
            "contact_times": person["times"],
        },
        "place": {"zip": inquiry.zip, "city": inquiry.city, "state": inquiry.state},
        "program": {"slug": inquiry.program, "title": inquiry.program_title},
        "offering": match.offering_id if match else None,
        "distance_miles": round(match.distance_miles, 1) if match and match.distance_miles is not None else None,
        "wants": {name: criteria[name] for name in ("format", "credential", "certifications", "age", "education")},
        "consent": {
            "given_at": _iso(consent.given_at),
            "channels": [str(channel) for channel in channels],
            "words": consent.words,
            "wording_version": consent.wording_version,
            "words_sha256": consent.words_sha256,
        },
        "received_at": _iso(inquiry.received_at),
    }


def _collect(session: Session, delivery: Delivery) -> Facts:
    lead = session.get_one(Lead, delivery.lead_id)
    where = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    consent = session.scalars(select(Consent).where(*where)).one()
    matches = (
        select(Match)
        .join(Choice, Choice.id == Match.choice_id)
        .where(Choice.inquiry_id == lead.inquiry_id, Choice.school_id == lead.school_id)
        .order_by(Match.rank)
    )
    return Facts(
        delivery,
        lead,
        session.get_one(Inquiry, lead.inquiry_id),
        consent,
        session.scalars(matches.limit(1)).one_or_none(),
    )


def _wrap(facts: Facts, data: dict[str, Any]) -> Parcel:
    kind = TYPES[facts.delivery.about]
    schema = f"{kind}/{SCHEMA_VERSION}"
    match facts.delivery.endpoint.kind:
        case EndpointKind.email:
            return _write_letter(facts, data, schema)
        case EndpointKind.form_post:
            fields = flatten(kind, data)
            return Parcel(urlencode(fields).encode(), "application/x-www-form-urlencoded", schema, fields=fields)
        case _:
            body = {"type": kind, "timestamp": _iso(facts.delivery.created_at), "data": data}
            return Parcel(
                json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), "application/json", schema
            )


def _write_letter(facts: Facts, data: dict[str, Any], schema: str) -> Parcel:
    folder = f"letters/{TYPES[facts.delivery.about].replace('.', '_')}"
    values = {"data": data, "lead": facts.lead, "inquiry": facts.inquiry, "consent": facts.consent}
    subject = " ".join(render_template(f"{folder}/subject.txt", **values).split())
    body = render_template(f"{folder}/body.txt", **values)
    return Parcel(
        body.encode(), "text/plain", schema, subject=subject, html=render_template(f"{folder}/body.html", **values)
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
    return tuple((name, _flat(value)) for name, value in fields.items())


def _flat(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _iso(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
