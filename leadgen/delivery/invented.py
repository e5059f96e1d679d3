"""The invented lead of a test: nobody, who agreed to nothing, in the same shape as a real one."""

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.parcel import describe_lead, wrap
from leadgen.models import About, Endpoint, EndpointTest, Offering

WORDS = "This is a test. Nobody asked for anything, and nobody agreed to be contacted."
PERSON = {"name": "Test Example", "email": "test@mail.example", "phone": "+13125550100", "times": ["evening"]}
PLACE = {"zip": "60601", "city": "Chicago", "state": "IL"}
WANTS: dict[str, Any] = {"format": "any", "credential": None, "certifications": [], "age": 18, "education": None}


def build_test_parcel(session: Session, endpoint: Endpoint, test: EndpointTest) -> Parcel:
    """What the school gets in a test: a lead of nobody, marked as a test in words and by a field of its own."""
    facts: Any = _invent_facts(session, endpoint, test)
    data = {"test": True, "lead": facts.lead_reference, "school_reference": None}
    return wrap(facts, data | describe_lead(facts, PERSON))


def _invent_facts(session: Session, endpoint: Endpoint, test: EndpointTest) -> SimpleNamespace:
    mine = select(Offering).where(Offering.school_id == endpoint.school_id, Offering.retired.is_(False))
    offering = session.scalars(mine.order_by(Offering.id).limit(1)).one_or_none()
    program = offering.program if offering else "medical-billing-and-coding"
    return SimpleNamespace(
        kind=endpoint.kind,
        about=About.lead,
        created_at=test.asked_at,
        received_at=test.asked_at,
        given_at=test.asked_at,
        lead_reference=f"TEST-{test.id}",
        program=program,
        program_title=program.replace("-", " ").capitalize(),
        offering_id=offering.id if offering else None,
        distance_miles=3.2,
        criteria=WANTS,
        channels="call,email",
        words=WORDS,
        wording_version="test",
        words_sha256=sha256(WORDS.encode()).hexdigest(),
        **PLACE,
    )
