"""What the school's word for its feed does: a receipt, the end of a doubt, a place under the cap."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.feed.acknowledge import acknowledge
from leadgen.invariants import find_breaches
from leadgen.models import Attempt, CapUse, Delivery, Inquiry, Receipt, State
from tests.inquiries import add_school, send_inquiry
from tests.tasks.feed_reader import KEY, acknowledge_all, read, withdraw
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, list_kinds, only_delivery, run
from tests.tasks.test_circuit import send_many

__all__ = ["inquiry"]  # a fixture, used by name


def test_word_that_it_is_there_is_a_receipt_once(session: Session, inquiry: Inquiry) -> None:
    _, delivery = carry(session, Answer("200"))
    assert acknowledge_all(session) == 1
    assert acknowledge_all(session) == 0
    receipt = session.scalars(select(Receipt)).one()
    assert (receipt.delivery_id, receipt.source, receipt.event_id) == (delivery.id, KEY, f"feed:{delivery.key}")
    assert list_kinds(session, inquiry).count("delivery.fetched") == 1


def test_word_that_it_is_there_settles_what_nobody_knew(session: Session, inquiry: Inquiry) -> None:
    carry(session, Unknown("504"))
    acknowledge_all(session)
    assert only_delivery(session).state is State.delivered
    assert find_breaches(session) == []


@pytest.mark.parametrize("outcome", [DefiniteNo("refused"), Misconfigured("401")])
def test_what_was_fetched_is_not_sent_again(session: Session, inquiry: Inquiry, outcome: Exception) -> None:
    carry(session, outcome)
    acknowledge_all(session)
    assert only_delivery(session).state is State.delivered
    assert find_breaches(session) == []
    assert session.scalars(select(Attempt.resolved_by).order_by(Attempt.number.desc())).first() == KEY


def test_what_failed_stays_failed(session: Session, inquiry: Inquiry) -> None:
    carry(session, PermanentNo("422"))
    acknowledge_all(session)
    assert only_delivery(session).state is State.failed
    assert session.scalars(select(Receipt)).one()


def test_withdrawn_lead_that_was_fetched_is_sent_to_nobody(session: Session, inquiry: Inquiry) -> None:
    carry(session, DefiniteNo("refused"))
    withdraw(session, inquiry)
    acknowledge_all(session)
    assert only_delivery(session).state is State.cancelled
    assert find_breaches(session) == []


def test_fetched_lead_takes_its_place_under_the_cap(session: Session) -> None:
    add_school(session, "larkspur", daily_cap=5)
    send_inquiry(session, ["larkspur"])
    carry(session, DefiniteNo("refused"))
    assert session.scalars(select(CapUse.used)).all() == [0]
    acknowledge_all(session)
    assert session.scalars(select(CapUse.used)).all() == [1]
    assert find_breaches(session) == []


def test_word_for_many_is_taken_bit_by_bit(session: Session) -> None:
    for delivery_id in send_many(session, 3):
        run(session, ScriptedCarrier([Answer("200")]), delivery_id)
    last = read(session)[-1]["id"]
    assert acknowledge(session, "larkspur", last, KEY, most=2) == {"acknowledged": 2, "more": True}
    assert acknowledge(session, "larkspur", last, KEY, most=2) == {"acknowledged": 1, "more": False}


def test_word_for_a_part_leaves_the_rest_open(session: Session) -> None:
    for delivery_id in send_many(session, 2):
        run(session, ScriptedCarrier([Unknown("504")]), delivery_id)
    acknowledge(session, "larkspur", read(session)[0]["id"], KEY)
    session.commit()
    states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == [State.delivered, State.uncertain]
