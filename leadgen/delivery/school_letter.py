"""The letter that brings a lead, or news of it, to a school by e-mail, in the language of the endpoint."""

from typing import Any

from sqlalchemy import Row

from leadgen.delivery.buttons import make_buttons
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.events import EVENTS, EventType, Told, name_schema
from leadgen.letters.compose import render_letter
from leadgen.letters.site import find_site
from leadgen.models import About

# the letter of an endpoint that is told nothing about the person
LINK_KIND = "lead_link"
NAMES_PERSON = (About.lead, About.change)


def write_school_letter(facts: Row[Any], event: EventType, told: Told, *, masked: bool) -> Parcel:
    """What is told, as text and as HTML. A real lead has buttons by which the school says how it goes; ``masked``: for
    staff to see, whose click would speak for the school."""
    if facts.link_only and facts.about in NAMES_PERSON:
        return _wrap(LINK_KIND, facts, event, _tell_nobody(facts, event))
    kind = EVENTS[facts.about].replace(".", "_")  # of a test too: it looks as a lead does
    is_real_lead = event == EVENTS[About.lead]
    known = {"data": told, "buttons": make_buttons(facts, masked=masked) if is_real_lead else None}
    return _wrap(kind, facts, event, known)


def _tell_nobody(facts: Row[Any], event: EventType) -> dict[str, Any]:
    """All that the templates of such a letter know: what is not here cannot stand in it."""
    return {
        "lead": facts.lead_reference,
        "program": facts.program,
        "program_title": facts.program_title,
        "is_test": event == EventType.test,
        "is_change": facts.about is About.change,
        "address": f"{find_site(facts.letter_language)}/portal/leads/{facts.lead_reference}",
    }


def _wrap(kind: str, facts: Row[Any], event: EventType, known: dict[str, Any]) -> Parcel:
    subject, text, html = render_letter(kind, facts.letter_language, known)
    return Parcel(text.encode(), "text/plain", name_schema(event), subject=subject, html=html)
