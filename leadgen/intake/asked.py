"""The consent to a school that staff asked her about later: the same words, on a page of its own."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.database import insert_row, insert_rows
from leadgen.intake.consent import WORDING_VERSION, hash_words, word_consent
from leadgen.models import Channel, Choice, Consent, ConsentChannel, Inquiry
from leadgen.vault import Key

PAGE = "/asking"


def word_asked(inquiry: Inquiry, school: str) -> str:
    """The words she is asked to agree to, for the school of this name."""
    return word_consent(school, inquiry.program_title, find_ways(inquiry))


def find_ways(inquiry: Inquiry) -> list[Channel]:
    """The ways that she gave every school she chose: she is asked for no more. By email where they have none in
    common."""
    given = [{row.channel for row in consent.channels} for consent in inquiry.consents]
    common = set.intersection(*given) if given else set()
    return [channel for channel in Channel if channel in common] or [Channel.email]


def word_act(school: str) -> str:
    """What she did: the button that she pressed."""
    return f"Pressed “Yes, send my details to {school}”"


def tick(session: Session, choice_id: int) -> None:
    """Set the tick that her own POST stands for."""
    session.execute(update(Choice).where(Choice.id == choice_id).values(ticked=True))


def write_asked_consent(
    session: Session, key: Key, inquiry: Inquiry, school_id: str, school: str, address: str, at: datetime
) -> None:
    """The consent to one school that she was asked about, with its channels. ``address`` is her network address."""
    words, ways = word_asked(inquiry, school), find_ways(inquiry)
    row = {
        "inquiry_id": inquiry.id,
        "school_id": school_id,
        "ticked": True,
        "wording_version": WORDING_VERSION,
        "words": words,
        "words_sha256": hash_words(words),
        "page": PAGE,
        "act": word_act(school),
        "address_sealed": key.seal(address, f"consent:{school_id}:address"),
        "given_at": at,
    }
    consent_id = insert_row(session, Consent, row)
    insert_rows(session, ConsentChannel, [{"consent_id": consent_id, "channel": channel} for channel in ways])
