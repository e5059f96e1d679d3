"""Our fields, as a map may name them, and what they hold. Pure."""

from collections.abc import Mapping
from typing import Any

from leadgen.marks import N_

SECRET = "secret."  # noqa: S105 - begins the name of one

ENVELOPE = {
    "event": N_("lead.created or lead.test; of a notice lead.changed, lead.withdrawn or lead.erased"),
    "lead_id": N_("our reference of the lead"),
    "school_reference": N_("the school's own reference, once it gave one"),
    "key": N_("the same for every try of one post: tells a repeat from news"),
}
NOTICE_FIELDS = ENVELOPE | {
    "withdrawn_at": N_("when the prospect withdrew, in UTC; empty in other notices"),
    "erased_at": N_("when the prospect had the data erased, in UTC; empty in other notices"),
    "changed_at": N_("when the prospect corrected the answers, in UTC; empty in other notices"),
}
LEAD_FIELDS = ENVELOPE | {
    "first_name": N_("the first word of the name"),
    "last_name": N_("the rest of the name"),
    "full_name": N_("the name as the prospect gave it"),
    "email": N_("empty where the prospect did not agree to email"),
    "phone": N_("like +13125550100; empty where the prospect agreed to no calls or texts"),
    "contact_times": N_("when to call: morning, afternoon, evening; joined by commas"),
    "time_zone": N_("of the prospect, like America/Chicago; contact_times are meant in it"),
    "preferred_channel": N_("call, text or email; empty without a preference"),
    "language": N_("in which the prospect would rather be spoken to: en or es"),
    "zip": N_("ZIP code"),
    "city": N_("city"),
    "state": N_("two letters"),
    "program": N_("like medical-billing-and-coding"),
    "program_title": N_("the program in words"),
    "offering_id": N_("the course as your directory numbers it"),
    "distance_miles": N_("from the prospect to the campus; empty for online courses"),
    "format": N_("campus, online or any"),
    "credential": N_("certificate, diploma or associate"),
    "certifications": N_("joined by commas"),
    "education": N_("none, ged or high_school"),
    "age": N_("in years"),
    "received_at": N_("when the inquiry came, in UTC"),
    "consent_at": N_("when the prospect agreed, in UTC"),
    "consent_channels": N_("call, text, email; joined by commas"),
    "consent_text": N_("the words that the prospect agreed to"),
    "consent_version": N_("the version of those words"),
    "consent_sha256": N_("the hash of those words"),
    "test": N_("true in a test, else empty"),
}
# what may stand in a header or in the address: nothing about anybody, since addresses and headers are logged everywhere
PLAIN_FIELDS = {name: ENVELOPE[name] for name in ("event", "lead_id", "key")}


def complete_fields(told: Mapping[str, str], data: Mapping[str, Any], key: str) -> dict[str, str]:
    """The fixed list of a form post (``told``), and what else a map may name."""
    first, _, last = told.get("full_name", "").strip().partition(" ")
    more = {
        "key": key,
        "school_reference": data.get("school_reference"),
        "first_name": first,
        "last_name": last.strip(),
        "age": data.get("wants", {}).get("age"),
        "received_at": data.get("received_at"),
        "withdrawn_at": data.get("withdrawn_at"),
        "erased_at": data.get("erased_at"),
        "changed_at": data.get("changed_at"),
        "consent_version": data.get("consent", {}).get("wording_version"),
        "test": "true" if data.get("test") else "",
    }
    return {**told, **{name: "" if value is None else str(value) for name, value in more.items()}}
