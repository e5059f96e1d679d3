"""The consent to a school that staff asked her about later: the same words, on a page of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.database import insert_row, insert_rows
from leadgen.intake.consent import WORDING_VERSIONS, hash_words, word_consent
from leadgen.intake.page import ShownPage, hash_shown, keep_sheets, name_page, seal_page
from leadgen.models import Channel, Choice, Consent, ConsentChannel, Inquiry, School
from leadgen.vault import Key, Vault

PAGE = "/asking"


@dataclass(frozen=True)
class AskedVisit:
    """How her answer came: her network address, and the page that asked her."""

    address: str
    page: ShownPage
    language: str = "en"
    # the program's title as she read it, where that is not the one of the inquiry
    title: str = ""


def word_asked(inquiry: Inquiry, school: str, language: str = "en", title: str = "") -> str:
    """The words she is asked to agree to, for the school of this name. ``title`` is the program's in that language."""
    return word_consent(school, title or inquiry.program_title, find_ways(inquiry), language)


def find_ways(inquiry: Inquiry) -> list[Channel]:
    """The ways that she gave every school she chose: she is asked for no more. By email where they have none in
    common."""
    given = [{row.channel for row in consent.channels} for consent in inquiry.consents]
    common = set.intersection(*given) if given else set()
    return [channel for channel in Channel if channel in common] or [Channel.email]


def word_act(school: str, language: str = "en") -> str:
    """What she did: the button that she pressed."""
    if language == "es":
        return f"Pressed “Sí, enviar mis datos a {school}”"
    return f"Pressed “Yes, send my details to {school}”"


def tick(session: Session, choice_id: int) -> None:
    """Set the tick that her own POST stands for."""
    session.execute(update(Choice).where(Choice.id == choice_id).values(ticked=True))


def write_asked_consent(
    session: Session, vault: Vault, key: Key, inquiry: Inquiry, school: School, visit: AskedVisit, at: datetime
) -> str:
    """The consent to one school that she was asked about, with its channels. Gives the hash of the page as shown."""
    words = word_asked(inquiry, school.name, visit.language, visit.title)
    shown = keep_shown(session, vault, key, inquiry, school.id, visit)
    row = shown | {
        "inquiry_id": inquiry.id,
        "school_id": school.id,
        "ticked": True,
        "words": words,
        "words_sha256": hash_words(words),
        "page": PAGE,
        "act": word_act(school.name, visit.language),
        "given_at": at,
    }
    consent_id, ways = insert_row(session, Consent, row), find_ways(inquiry)
    insert_rows(session, ConsentChannel, [{"consent_id": consent_id, "channel": channel} for channel in ways])
    return str(shown["page_sha256"])


def keep_shown(
    session: Session, vault: Vault, key: Key, inquiry: Inquiry, school_id: str, visit: AskedVisit
) -> dict[str, Any]:
    """What proves a consent that was given on a page of its own, as columns: the page as shown, where she was, and
    her address and number under the evidence key. The page's style sheets are kept."""
    person, html, column = key.open_json(inquiry.contact.sealed or b"", "person"), visit.page.html, name_page(school_id)
    keep_sheets(session, visit.page.sheets)
    return {
        "wording_version": WORDING_VERSIONS[visit.language],
        "page_sha256": hash_shown(key, html, column),
        "styles": tuple(sheet.sha256 for sheet in visit.page.sheets),
        "page_sealed": seal_page(key, html, column),
        "email_evidence": vault.key_evidence("email", person["email"]),
        "phone_evidence": vault.key_evidence("phone", person["phone"]) if person["phone"] else None,
        "address_sealed": key.seal(visit.address, f"consent:{school_id}:address"),
    }
