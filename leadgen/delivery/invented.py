"""The invented lead of a test: nobody, who agreed to nothing, in the same shape as a real one."""

from datetime import datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.parcel import TYPES, describe_lead, flatten, wrap
from leadgen.delivery.posting.fields import complete_fields
from leadgen.delivery.posting.request import OpenPosting
from leadgen.models import About, Endpoint, EndpointTest, Offering

WORDS = "This is a test. Nobody asked for anything, and nobody agreed to be contacted."
PERSON = {"name": "Test Example", "email": "test@mail.example", "phone": "+13125550100", "times": ["evening"]}
PLACE = {"zip": "60601", "city": "Chicago", "state": "IL"}
WANTS: dict[str, Any] = {"format": "any", "credential": None, "certifications": [], "age": 18, "education": None}


def build_test_parcel(
    session: Session, endpoint: Endpoint, test: EndpointTest, opened: OpenPosting | None = None
) -> Parcel:
    """What the school gets in a test: a lead of nobody, marked as a test in words and by a field of its own."""
    facts: Any = _invent_facts(session, endpoint, test)
    data = {"test": True, "lead": facts.lead_reference, "school_reference": None}
    return wrap(facts, data | describe_lead(facts, PERSON), opened)


def invent_fields(session: Session, endpoint: Endpoint, at: datetime, *, is_lead: bool) -> dict[str, str]:
    """The fields that a map may name, of a lead of nobody or of the notice that it was withdrawn."""
    nobody = EndpointTest(id=0, key="test_0", asked_at=at)
    facts: Any = _invent_facts(session, endpoint, nobody)
    data: dict[str, Any] = {"lead": facts.lead_reference, "school_reference": None}
    if is_lead:
        data |= {"test": True} | describe_lead(facts, PERSON)
    else:
        data |= {"test": True, "withdrawn_at": at.isoformat(timespec="seconds").replace("+00:00", "Z")}
    event = TYPES[About.lead if is_lead else About.withdrawal]
    return complete_fields(dict(flatten(event, data)), data, nobody.key)


def _invent_facts(session: Session, endpoint: Endpoint, test: EndpointTest) -> SimpleNamespace:
    mine = select(Offering).where(Offering.school_id == endpoint.school_id, Offering.retired.is_(False))
    offering = session.scalars(mine.order_by(Offering.id).limit(1)).one_or_none()
    program = offering.program if offering else "medical-billing-and-coding"
    return SimpleNamespace(
        kind=endpoint.kind,
        about=About.lead,
        key=test.key,
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
