"""The proof of a consent as files: what she read and did, its hashes, and a verifier that works without us."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from leadgen.intake import verify_consent
from leadgen.intake.page import Part
from leadgen.intake.proof_read_me import write_read_mes
from leadgen.intake.verify_consent import dress_page, hash_text, lay_out
from leadgen.models import Channel, Consent, Event, FormerConsent, Inquiry, Lead

TOKEN = "token"  # noqa: S105 - the name of a part
# who may read her name, her address and her number: a school that may make contact by one of these
NEEDED_FOR = {"name": set(Channel), "email": {Channel.email}, "phone": {Channel.call, Channel.text}}
VERIFIER = Path(verify_consent.__file__)


@dataclass(frozen=True)
class Evidence:
    """All that a proof is made of. ``page`` is None where none was kept, or it was erased with her data; ``address`` is
    her network address, for staff alone."""

    lead: Lead
    inquiry: Inquiry
    consent: Consent
    history: Sequence[Event]
    page: Sequence[Part] | None
    sheets: Sequence[str]
    erased: bool
    made_at: datetime
    address: str | None = None


def write_proof(evidence: Evidence, *, for_school: bool) -> bytes:
    """The ZIP. One ``for_school`` withholds what is about other schools and what this school may not use of hers."""
    files = list_files(evidence, for_school=for_school)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, evidence.made_at.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def list_files(evidence: Evidence, *, for_school: bool) -> dict[str, str]:
    """The text of each file by its name."""
    parts = _list_parts(evidence, for_school=for_school)
    sheets = {f"style-{number}.css": text for number, text in enumerate(evidence.sheets, 1)} if parts else {}
    page = {"styles": {name: hash_text(text) for name, text in sheets.items()}, "parts": parts} if parts else None
    told: dict[str, Any] = {
        "made_at": _iso(evidence.made_at),
        "made_for": "school" if for_school else "staff",
        "lead": evidence.lead.reference,
        "inquiry": None if for_school else evidence.inquiry.reference,
        "consent": _tell_consent(evidence),
        "page": page,
        "history": [_tell_line(event, evidence, for_school=for_school) for event in evidence.history],
    }
    shown = {"page.html": dress_page(lay_out(parts, evidence.consent.language), sheets.values())} if parts else {}
    return {
        **write_read_mes(evidence.lead.reference, told["consent"], erased=evidence.erased),
        "proof.json": json.dumps(told, indent=1, ensure_ascii=False),
        **shown,
        **sheets,
        "verify.py": VERIFIER.read_text(),
    }


def _tell_consent(evidence: Evidence) -> dict[str, Any]:
    consent = evidence.consent
    return {
        "school": consent.school_id,
        "school_name": evidence.lead.school.name,
        "program": evidence.inquiry.program_title,
        "language": consent.language,
        "wording_version": consent.wording_version,
        "words": consent.words,
        "words_sha256": consent.words_sha256,
        "channels": [str(row.channel) for row in consent.channels],
        "act": consent.act,
        "address_of_page": consent.page,
        "page_sha256": consent.page_sha256,
        "styles": list(consent.styles or ()),
        "given_at": _iso(consent.given_at),
        "withdrawn_at": _iso(consent.withdrawn_at) if consent.withdrawn_at else None,
        "network_address": evidence.address,
        "email_keyed": consent.email_evidence.hex() if consent.email_evidence else None,
        "phone_keyed": consent.phone_evidence.hex() if consent.phone_evidence else None,
        "former": [_tell_former(each) for each in consent.former],
    }


def _tell_former(former: FormerConsent) -> dict[str, Any]:
    """What she had agreed to before; its page is the one that the history names by the same hash."""
    return {
        "wording_version": former.wording_version,
        "words": former.words,
        "words_sha256": former.words_sha256,
        "channels": list(former.channels),
        "act": former.act,
        "page_sha256": former.page_sha256,
        "given_at": _iso(former.given_at),
        "replaced_at": _iso(former.replaced_at),
    }


def _list_parts(evidence: Evidence, *, for_school: bool) -> list[dict[str, Any]]:
    return [
        _show(part, withheld=_is_withheld(part.name, evidence.consent, for_school=for_school))
        for part in evidence.page or ()
    ]


def _show(part: Part, *, withheld: bool) -> dict[str, str | None]:
    """Of what is withheld the hash is left, and what kind of part it was: its whole name tells which other school."""
    if withheld:
        return {"name": part.name.partition(" ")[0], "sha256": part.sha256, "salt": None, "text": None}
    return {"name": part.name, "sha256": part.sha256, "salt": part.salt, "text": part.text}


def _is_withheld(name: str, consent: Consent, *, for_school: bool) -> bool:
    """Whether a part is for nobody (the token of the form opens her own page), or not for the school of this consent,
    which after a withdrawal is told no more who she is."""
    kind, _, which = name.partition(" ")
    if kind == TOKEN or not for_school:
        return kind == TOKEN
    if kind == "school":
        return which != consent.school_id
    if kind == "person":
        channels = {row.channel for row in consent.channels}
        return consent.withdrawn_at is not None or not channels & NEEDED_FOR[which]
    return kind != "page"


def _tell_line(event: Event, evidence: Evidence, *, for_school: bool) -> dict[str, Any]:
    """A line of the history as `leadgen.history` hashes it; for a school only lines that are about it alone."""
    content = [
        str(event.subject),
        event.subject_id,
        event.number,
        event.kind,
        event.actor,
        event.happened_at.isoformat(timespec="microseconds"),
        event.data,
    ]
    hidden = for_school and event.data.get("school") != evidence.consent.school_id
    hashes = {"number": event.number, "previous_hash": event.previous_hash, "hash": event.hash}
    return hashes | {"content": None if hidden else content}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
