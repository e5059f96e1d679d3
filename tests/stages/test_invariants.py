"""Each invariant can fail: a whole installation is broken in one place, and the check names it."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery.carriers.contract import Answer
from leadgen.invariants import find_breaches
from leadgen.models import (
    About,
    Attempt,
    CapUse,
    Choice,
    Consent,
    Delivery,
    Endpoint,
    EndpointKind,
    Event,
    Lead,
    Letter,
    Outcome,
    Result,
    Route,
    State,
    Verdict,
)
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, run


def drop_delivery(session: Session) -> None:
    session.execute(delete(Attempt).where(Attempt.delivery_id.is_not(None)))
    session.execute(delete(Delivery))


def drop_delivery_of_a_retired_endpoint(session: Session) -> None:
    drop_delivery(session)
    session.execute(update(Endpoint).values(retired_at=database_now()))


def send_to_two_at_once(session: Session) -> None:
    session.execute(update(Lead).values(route=Route.first))
    lead = session.scalars(select(Lead)).one()
    other = Endpoint(school_id=lead.school_id, kind=EndpointKind.portal, position=2)
    session.add(other)
    session.flush()
    facts = {"lead_id": lead.id, "school_id": lead.school_id, "endpoint_id": other.id, "about": About.lead}
    session.execute(insert(Delivery).values(**facts, key="k", due_at=now(session), created_at=now(session)))


def add_attempt(session: Session, model: type[Delivery] | type[Letter], result: Result | None) -> None:
    column = "delivery_id" if model is Delivery else "letter_id"
    row = {column: session.scalars(select(model.id)).one(), "number": 2, "fence": 0, "result": result}
    facts = {"parcel_bytes": 1, "parcel_schema": "", "parcel_hash": "", "started_at": now(session)}
    session.execute(insert(Attempt).values(row | facts))


BREAKS: list[tuple[str, Callable[[Session], object]]] = [
    ("I1", drop_delivery),
    ("I1", drop_delivery_of_a_retired_endpoint),
    ("I1", send_to_two_at_once),
    ("I1", lambda session: session.execute(update(Choice).values(outcome=Outcome.hold))),
    ("I3", lambda session: session.execute(update(Attempt).values(result=Result.permanent_no))),
    ("I3", lambda session: session.execute(update(Delivery).values(state=State.failed))),
    ("I3", lambda session: session.execute(update(Letter).values(state=State.delivered))),
    ("I4", lambda session: session.execute(update(Consent).values(withdrawn_at=database_now(-60)))),
    ("I5", lambda session: add_attempt(session, Delivery, Result.unknown)),
    ("I5", lambda session: add_attempt(session, Letter, None)),
    ("I5", lambda session: session.execute(update(Letter).values(state=State.uncertain))),
    ("I6", lambda session: session.execute(update(Letter).values(due_at=database_now(-61)))),
    (
        "I6",
        lambda session: session.execute(update(Delivery).values(state=State.claimed, lease_until=database_now(-61))),
    ),
    ("I8", lambda session: session.execute(delete(Verdict))),
    ("I8", lambda session: session.execute(update(Verdict).values(outcome=Outcome.decline))),
    ("I8", lambda session: session.execute(update(Choice).values(outcome=None))),
    ("caps", lambda session: session.execute(update(CapUse).values(used=2))),
    ("caps", lambda session: session.execute(update(Lead).values(slots=()))),
    ("chain", lambda session: session.execute(update(Event).values(actor="nobody"))),
]


@pytest.mark.parametrize(("name", "spoil"), BREAKS)
def test_the_check_finds_what_is_broken(session: Session, name: str, spoil: Callable[[Session], object]) -> None:
    add_school(session, "larkspur", daily_cap=3)
    send_inquiry(session, ["larkspur"])
    run(session, ScriptedCarrier([Answer("200")]))
    session.rollback()
    assert find_breaches(session) == []
    spoil(session)
    session.flush()
    session.expire_all()
    assert name in {breach.invariant for breach in find_breaches(session)}
