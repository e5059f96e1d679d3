"""The invented lead of a test: nobody, who agreed to nothing, in the same shape as a real one."""

from datetime import datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.events import EventType, InventedLead, WithdrawnLead
from leadgen.delivery.parcel import describe_lead, flatten, name_lead, wrap, write_moment
from leadgen.delivery.posting.fields import complete_fields
from leadgen.delivery.posting.request import OpenPosting
from leadgen.models import About, Endpoint, EndpointKind, EndpointTest, Offering

WORDS = "This is a test. Nobody asked for anything, and nobody agreed to be contacted."
WORDS_IN_SPANISH = "Esto es una prueba. Nadie pidió nada y nadie aceptó que le contacten."
PERSON = {
    "name": "Test Example",
    "email": "test@mail.example",
    "phone": "+13125550100",
    "times": ["evening"],
    "prefers": "call",
}
PLACE = {"zip": "60601", "city": "Chicago", "state": "IL"}
WANTS: dict[str, Any] = {"format": "any", "credential": None, "certifications": [], "age": 18, "education": None}


def build_test_parcel(
    session: Session, endpoint: Endpoint, test: EndpointTest, opened: OpenPosting | None = None
) -> Parcel:
    """What the school gets in a test: a lead of nobody, marked as a test in words and by a field of its own."""
    facts = _invent_facts(session, endpoint, test)
    return wrap(facts, EventType.test, _tell(facts), opened)


def invent_fields(session: Session, endpoint: Endpoint, at: datetime, *, is_lead: bool) -> dict[str, str]:
    """The fields that a map may name, of a lead of nobody or of the notice that it was withdrawn."""
    nobody = EndpointTest(id=0, key="test_0", asked_at=at)
    facts = _invent_facts(session, endpoint, nobody)
    notice: WithdrawnLead = {**name_lead(facts), "withdrawn_at": write_moment(at)}
    event, told = (EventType.test, _tell(facts)) if is_lead else (EventType.withdrawn, {**notice, "test": True})
    return complete_fields(dict(flatten(event, told)), told, nobody.key)


def _tell(facts: Any) -> InventedLead:
    return {**describe_lead(facts, PERSON), "test": True}


def _invent_facts(session: Session, endpoint: Endpoint, test: EndpointTest) -> Any:
    mine = select(Offering).where(Offering.school_id == endpoint.school_id, Offering.retired.is_(False))
    offering = session.scalars(mine.order_by(Offering.id).limit(1)).one_or_none()
    program = offering.program if offering else "medical-billing-and-coding"
    is_spanish_letter = endpoint.kind is EndpointKind.email and endpoint.language == "es"
    words = WORDS_IN_SPANISH if is_spanish_letter else WORDS
    return SimpleNamespace(
        kind=endpoint.kind,
        link_only=endpoint.link_only,
        letter_language=endpoint.language,
        about=About.lead,
        key=test.key,
        created_at=test.asked_at,
        received_at=test.asked_at,
        given_at=test.asked_at,
        lead_reference=test.reference,
        school_reference=None,
        program=program,
        program_title=program.replace("-", " ").capitalize(),
        offering_id=offering.id if offering else None,
        distance_miles=3.2,
        criteria=WANTS,
        channels="call,email",
        words=words,
        wording_version="test",
        words_sha256=sha256(words.encode()).hexdigest(),
        **PLACE,
    )
