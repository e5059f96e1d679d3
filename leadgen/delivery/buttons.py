"""The buttons in the letter that brings a lead: one address for each word that a school may say of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from leadgen.core import current_settings
from leadgen.letters.site import find_site
from leadgen.tokens import ReplyTo, make_reply_token

# as they stand in the addresses (dispositions.reply), in the order of the letter
WORDS = ("reached", "wrong_number", "applied", "enrolled", "return")
MASK = "…"


@dataclass(frozen=True)
class Buttons:
    """The addresses by their words, and until when they open anything."""

    addresses: dict[str, str]
    until: datetime


def make_buttons(facts: Row[Any], *, masked: bool) -> Buttons:
    """The buttons of a lead's letter. They are counted from the lead's release, so that every try carries the same.

    ``masked``: for staff to see; what they open is for the school alone."""
    settings = current_settings()
    to = ReplyTo(facts.lead_reference, facts.school_id, facts.endpoint_id, facts.address or "")
    token = MASK if masked else make_reply_token(to, settings.secret_key.get_secret_value())
    addresses = {word: f"{find_site(facts.letter_language)}/reply/{token}/{word}" for word in WORDS}
    return Buttons(addresses, facts.released_at + timedelta(days=settings.letter_button_days))
