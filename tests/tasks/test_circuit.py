"""The circuit of an endpoint: when it opens, who probes, and what becomes of those who wait."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Misconfigured, OurFault, PermanentNo
from leadgen.delivery.circuit import FIRST_REST_SECONDS, OPEN
from leadgen.models import Attempt, Delivery, Endpoint, EndpointState, Inquiry, State
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, dispatcher_with, inquiry, make_due, run

__all__ = ["inquiry"]  # a fixture, used by name

NO = DefiniteNo("refused")
YES = Answer("200")
LATER = datetime(2099, 1, 1, tzinfo=UTC)


def send_many(session: Session, count: int) -> list[int]:
    """So many people inquire at Larkspur; gives their deliveries."""
    add_school(session, "larkspur")
    for number in range(count):
        send_inquiry(
            session, ["larkspur"], Prospect(email=f"ada{number}@mail.example", phone=f"+1312555{100 + number:04}")
        )
    ids = list(session.scalars(select(Delivery.id).order_by(Delivery.id)))
    session.rollback()
    return ids


def read_endpoint(session: Session) -> Endpoint:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Endpoint)).one()


def end_rest(session: Session) -> None:
    session.execute(update(Endpoint).values(open_until=database_now(-1)))
    session.commit()
    make_due(session)


def open_circuit(session: Session, delivery_id: int) -> None:
    carrier = ScriptedCarrier([NO])
    for _ in range(10):
        make_due(session)
        run(session, carrier, delivery_id)
    make_due(session)


def test_seven_failures_of_ten_tries_within_five_minutes_open_it(session: Session) -> None:
    ids = send_many(session, 10)
    outcomes = [NO, NO, YES, NO, NO, YES, NO, NO, YES, NO]
    for delivery_id, outcome in zip(ids, outcomes, strict=True):
        assert read_endpoint(session).open_until is None
        run(session, ScriptedCarrier([outcome]), delivery_id)
    endpoint = read_endpoint(session)
    assert endpoint.open_until is not None
    rest = endpoint.open_until - now(session)
    assert timedelta(0) < rest <= timedelta(seconds=FIRST_REST_SECONDS)


def test_six_failures_of_ten_tries_leave_it_closed_and_so_does_a_no_to_one_lead(session: Session) -> None:
    ids = send_many(session, 10)
    refused = PermanentNo("422", status="422")
    outcomes = [NO, NO, YES, NO, NO, refused, YES, YES, NO, NO]
    for delivery_id, outcome in zip(ids, outcomes, strict=True):
        run(session, ScriptedCarrier([outcome]), delivery_id)
    assert read_endpoint(session).open_until is None


def test_failures_of_long_ago_are_forgotten(session: Session) -> None:
    ids = send_many(session, 10)
    for delivery_id in ids[:8]:
        run(session, ScriptedCarrier([NO]), delivery_id)
    run(session, ScriptedCarrier([YES]), ids[8])
    session.execute(update(Attempt).values(started_at=database_now(-301)))
    session.commit()
    run(session, ScriptedCarrier([NO]), ids[9])
    assert read_endpoint(session).open_until is None


def test_one_probes_and_the_others_wait_to_see_how_it_fares(session: Session) -> None:
    first, second, third = send_many(session, 3)
    open_circuit(session, first)
    end_rest(session)
    sessions = dispatcher_with(ScriptedCarrier([YES])).sessions
    seen: list[tuple[str, str | None]] = []

    def others_come() -> None:
        dispatcher_with(ScriptedCarrier([YES])).deliver(second)
        with sessions() as own:
            waiting = own.get_one(Delivery, second)
            seen.append((waiting.state, waiting.reason))

    dispatcher_with(ScriptedCarrier([YES], others_come)).deliver(first)
    assert seen == [(State.held, OPEN)]
    endpoint = read_endpoint(session)
    assert (endpoint.open_until, endpoint.failures_in_a_row) == (None, 0)
    waiting = session.get_one(Delivery, second)
    assert waiting.due_at <= now(session), "it may go as soon as the probe came back"
    session.rollback()
    assert dispatcher_with(ScriptedCarrier([YES])).deliver(second) is State.delivered
    assert dispatcher_with(ScriptedCarrier([YES])).deliver(third) is State.delivered


@pytest.mark.parametrize("about_the_lead", [PermanentNo("422", status="422"), PermanentNo("550", status="550")])
def test_a_no_to_the_lead_of_a_probe_closes_it(session: Session, about_the_lead: PermanentNo) -> None:
    first, second = send_many(session, 2)
    open_circuit(session, first)
    end_rest(session)
    waits = {"state": State.held, "reason": OPEN, "due_at": LATER}
    session.execute(update(Delivery).where(Delivery.id == second).values(waits))
    session.commit()
    assert run(session, ScriptedCarrier([about_the_lead]), first) is State.failed
    endpoint = read_endpoint(session)
    assert (endpoint.open_until, endpoint.failures_in_a_row) == (None, 0)
    assert session.get_one(Delivery, second).due_at <= now(session), "it may go as soon as the probe came back"
    assert run(session, ScriptedCarrier([YES]), second) is State.delivered


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (PermanentNo("a header has a line break or another control character in it"), State.failed),
        (OurFault("our mail relay: refused"), State.failed),
        (Misconfigured("410", status="410"), State.held),
    ],
)
def test_what_the_receiver_never_read_or_says_of_its_address_closes_nothing(
    session: Session, inquiry: Inquiry, outcome: CarrierError, state: State
) -> None:
    (delivery_id,) = session.scalars(select(Delivery.id))
    open_circuit(session, delivery_id)
    end_rest(session)
    assert run(session, ScriptedCarrier([outcome]), delivery_id) is state
    endpoint = read_endpoint(session)
    assert endpoint.open_until is not None
    assert endpoint.failures_in_a_row == 10
    assert (endpoint.state is EndpointState.broken) is isinstance(outcome, Misconfigured)


def test_a_probe_that_fails_doubles_the_rest(session: Session, inquiry: Inquiry) -> None:
    (delivery_id,) = session.scalars(select(Delivery.id))
    open_circuit(session, delivery_id)
    end_rest(session)
    run(session, ScriptedCarrier([NO]), delivery_id)
    endpoint = read_endpoint(session)
    assert endpoint.open_until is not None
    rest = (endpoint.open_until - now(session)).total_seconds()
    assert FIRST_REST_SECONDS < rest <= 2 * FIRST_REST_SECONDS
