"""Carry one test: begin, send, write down. Like a delivery (dispatch) it commits on the way, for the same reason: that
it was begun is known before the first byte leaves, and no connection is held while the school's server thinks."""

import time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import database_now
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Destination,
    Misconfigured,
    Parcel,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.conformance import note_repeat
from leadgen.delivery.dispatch import LONGEST_SEND_SECONDS, Dispatcher
from leadgen.delivery.endpoints import find_destination
from leadgen.delivery.events import EventType
from leadgen.delivery.invented import build_test_parcel
from leadgen.models import About, Endpoint, EndpointKind, EndpointTest, Result, Subject

ANSWER_CHARACTERS = 200
ENDPOINT_FACTS = (
    "address",
    "school_id",
    "kind",
    "secret_sealed",
    "old_secret_sealed",
    "conflict_means_received",
    "link_only",
    "posting",
    "posting_sealed",
)
RESULTS: dict[type[CarrierError], Result] = {
    DefiniteNo: Result.definite_no,
    PermanentNo: Result.permanent_no,
    Misconfigured: Result.misconfigured,
    Unknown: Result.unknown,
}


def carry_test(dispatcher: Dispatcher, test_id: int) -> Result | None:
    """Send a test that nobody has begun; gives how it ended, None where somebody else has it. Sent once, or twice in a
    row where that is what is tested."""
    with dispatcher.sessions() as session:
        if not _begin(session, test_id):
            return None
        endpoint, parcel, destination, twice = _prepare(dispatcher, session, test_id)
        session.commit()
    started = time.monotonic()
    outcome = dispatcher.carry(endpoint, parcel, destination)
    latency_ms = round((time.monotonic() - started) * 1000)
    repeat = dispatcher.carry(endpoint, parcel, destination) if twice and isinstance(outcome, Answer) else None
    with dispatcher.sessions() as session:
        result = _write_down(session, test_id, outcome, latency_ms, len(parcel.body))
        if repeat is not None:
            note_repeat(session, session.get_one(EndpointTest, test_id), outcome, repeat)
        session.commit()
    return result


def _begin(session: Session, test_id: int) -> bool:
    free = (EndpointTest.id == test_id, EndpointTest.started_at.is_(None), EndpointTest.ended_at.is_(None))
    begun = update(EndpointTest).where(*free).values(started_at=database_now()).returning(EndpointTest.id)
    return session.scalar(begun.execution_options(synchronize_session=False)) is not None


def _prepare(dispatcher: Dispatcher, session: Session, test_id: int) -> tuple[EndpointKind, Parcel, Destination, bool]:
    test = session.get_one(EndpointTest, test_id)
    endpoint = session.get_one(Endpoint, test.endpoint_id)
    facts: Any = SimpleNamespace(
        key=test.key,
        about=About.lead,
        endpoint_id=endpoint.id,
        lead_reference=test.reference,
        **{name: getattr(endpoint, name) for name in ENDPOINT_FACTS},
    )
    destination = find_destination(dispatcher.vault, facts, LONGEST_SEND_SECONDS, event=EventType.test)
    parcel = build_test_parcel(session, endpoint, test, destination.opened)
    return endpoint.kind, parcel, destination, test.twice


def _write_down(
    session: Session, test_id: int, outcome: Answer | CarrierError, latency_ms: int, parcel_bytes: int
) -> Result:
    test = session.get_one(EndpointTest, test_id)
    result = _judge(outcome)
    test.result, test.status, test.latency_ms = result, outcome.status or None, latency_ms
    test.reason = outcome.reason if isinstance(outcome, CarrierError) else None
    test.answer = (outcome.text.splitlines() or [""])[0][:ANSWER_CHARACTERS] or None
    test.parcel_bytes, test.rule = parcel_bytes, outcome.rule
    test.price_cents = outcome.price_cents if isinstance(outcome, Answer) else None
    session.flush()
    ended = update(EndpointTest).where(EndpointTest.id == test_id).values(ended_at=database_now())
    session.execute(ended.execution_options(synchronize_session=False))
    school_id = session.get_one(Endpoint, test.endpoint_id).school_id
    data = {"endpoint": test.endpoint_id, "result": result, "status": test.status, "reason": test.reason}
    history.append(session, Subject.school, school_id, history.Line("endpoint.tested", test.asked_by, data))
    return result


def _judge(outcome: Answer | CarrierError) -> Result:
    if isinstance(outcome, Answer):
        return Result.accepted
    return next((result for kind, result in RESULTS.items() if isinstance(outcome, kind)), Result.unknown)
