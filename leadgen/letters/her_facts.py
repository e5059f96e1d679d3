"""What the templates of letters to a person who inquired, or who is about to, know."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.letters.kinds import ASKING, OWN_DATA
from leadgen.letters.site import ENGLISH, find_link_token, find_link_url, find_site
from leadgen.letters.undelivered import name_undelivered
from leadgen.models import Asking, Consent, Contact, Inquiry, Letter, Link, School
from leadgen.tokens import make_request_token
from leadgen.vault import ErasedError, Vault, open_vault


def collect_draft_facts(letter: Letter) -> dict[str, Any]:
    """The way back to a draft, and how long it is kept. Raises ErasedError where that was forgotten."""
    told = open_sealed(open_vault(), letter)
    language = told.get("language", ENGLISH)
    link = f"{find_site(language)}/inquiry/saved/{told['token']}"
    return {"language": language, "link_url": link, "until": datetime.fromisoformat(told["kept_until"])}


def collect_inquiry_facts(session: Session, letter: Letter) -> dict[str, Any]:
    """The inquiry, its schools and its page, and what the letter's kind tells besides."""
    inquiry, _ = find_person(session, letter)
    token = make_request_token(inquiry.reference, current_settings().secret_key.get_secret_value())
    facts = {
        "language": inquiry.language,
        "inquiry": inquiry,
        "schools": _name_chosen(session, inquiry),
        "request_url": f"{find_site(inquiry.language)}/request/{token}",
        **name_undelivered(session, inquiry),
    }
    if letter.kind == OWN_DATA:
        facts |= {"link_url": f"{facts['request_url']}/open/{find_link_token(session, letter)}"}
    if letter.kind == ASKING:
        facts |= _collect_asking(session, letter, inquiry.language)
    return facts


def open_sealed(vault: Vault, letter: Letter) -> dict[str, Any]:
    """What is sealed with a letter to somebody of whom we know no more. Raises ErasedError where it was forgotten."""
    if not letter.sealed:
        raise ErasedError(f"what was sealed with {letter.key} is gone")
    told: dict[str, Any] = vault.open_json(letter.sealed, f"letter:{letter.key}")
    return told


def find_person(session: Session, letter: Letter) -> tuple[Inquiry, Contact]:
    """The inquiry that a letter is about, and its contact."""
    query = select(Inquiry, Contact).join(Contact).where(Inquiry.id == letter.inquiry_id)
    inquiry, contact = session.execute(query).one()
    return inquiry, contact


def _name_chosen(session: Session, inquiry: Inquiry) -> list[str]:
    query = (
        select(School.name)
        .join(Consent, Consent.school_id == School.id)
        .where(Consent.inquiry_id == inquiry.id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.id)
    )
    return list(session.scalars(query))


def _collect_asking(session: Session, letter: Letter, language: str) -> dict[str, Any]:
    """The school that the letter asks about, why, until when, and the page with the two answers."""
    query = (
        select(School.name, Asking.reason, Link.expires_at)
        .join_from(Asking, Link, Link.id == Asking.link_id)
        .join(School, School.id == Asking.school_id)
        .where(Link.letter_id == letter.id)
    )
    school, reason, until = session.execute(query).one()
    return {"school": school, "reason": reason, "until": until, "link_url": find_link_url(session, letter, language)}
