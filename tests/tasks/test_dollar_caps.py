"""Caps in dollars: a lead's price is reserved in the claim, given back, and made right by the school's own answer."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, PermanentNo
from leadgen.delivery.due import find_due
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import CapUse, Delivery, Endpoint, EndpointKind, Lead, School, State
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, dispatcher_with, make_due, only_delivery, run

PRICE = Decimal("37.50")


def add_paying(session: Session, *caps: str, price: Decimal = PRICE) -> School:
    return add_school(session, "larkspur", part_caps=caps, price_per_lead_usd=price)


def read_spent(session: Session) -> list[int]:
    session.rollback()
    spent = sorted(session.scalars(select(CapUse.used)))
    session.rollback()
    return spent


def test_the_price_is_reserved_in_the_claim_and_given_back(session: Session) -> None:
    add_paying(session, "school: $40 a day")
    send_inquiry(session, ["larkspur"])
    carrier = ScriptedCarrier([DefiniteNo("refused"), Answer("200")])
    delivery_id = only_delivery(session).id
    run(session, carrier, delivery_id)
    assert read_spent(session) == [0], "a no gives the money back"
    assert session.scalars(select(Lead.reserved_cents)).one() == 0
    make_due(session)
    run(session, carrier, delivery_id)
    assert read_spent(session) == [3750]
    assert find_breaches(session) == []


@pytest.mark.parametrize("end", [PermanentNo("422"), DefiniteNo("refused")])
def test_what_is_rejected_or_withdrawn_before_it_left_costs_nothing(session: Session, end: CarrierError) -> None:
    add_paying(session, "school: $40 a day", "medical-billing-and-coding: $100 a month")
    inquiry = send_inquiry(session, ["larkspur"])
    carry(session, end)
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert read_spent(session) == [0, 0]
    assert find_breaches(session) == []


def test_without_money_for_one_more_it_waits_for_the_next_month_of_the_school(session: Session) -> None:
    school = add_paying(session, "school: $75 a month")
    for phone, name in enumerate(("ada", "bea")):
        send_inquiry(session, ["larkspur"], Prospect(email=f"{name}@mail.example", phone=f"+1312555014{phone}"))
    school.part_caps = ("school: $74.99 a month",)
    session.commit()
    first, second = find_due(session, Delivery)
    session.rollback()
    carrier = ScriptedCarrier([Answer("200")])
    assert dispatcher_with(carrier).deliver(first) is State.delivered
    dispatcher_with(carrier).deliver(second)
    waiting = session.get_one(Delivery, second)
    assert (waiting.state, waiting.reason, len(carrier.carried)) == (State.held, "cap", 1)
    month = waiting.due_at.astimezone(ZoneInfo("America/Chicago"))
    assert (month.day, month.hour) == (1, 0) or (waiting.due_at - now(session)).total_seconds() <= 48 * 3600
    assert read_spent(session) == [3750]


@pytest.mark.parametrize(("cents", "spent"), [(5000, 5000), (1250, 1250), (0, 0), (None, 3750)])
def test_the_price_in_the_schools_own_answer_is_what_counts(session: Session, cents: int | None, spent: int) -> None:
    add_paying(session, "school: $40 a day", "campus Main: $90 a week", "school: 9 a day")
    send_inquiry(session, ["larkspur"])
    carry(session, Answer("200", receipt="accepted", price_cents=cents))
    assert read_spent(session) == sorted([1, spent, spent])
    assert session.scalars(select(Lead.reserved_cents)).one() == spent
    assert find_breaches(session) == []


def test_a_lead_to_two_endpoints_is_paid_once_and_given_back_when_the_last_says_no(session: Session) -> None:
    add_paying(session, "school: $500 a month")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    first, second = find_due(session, Delivery)
    session.rollback()
    dispatcher_with(ScriptedCarrier([Answer("200", receipt="accepted", price_cents=2000)])).deliver(first)
    assert read_spent(session) == [2000]
    dispatcher_with(ScriptedCarrier([PermanentNo("422")])).deliver(second)
    assert read_spent(session) == [2000], "the other endpoint has it"
    assert find_breaches(session) == []


def test_a_lead_that_holds_money_keeps_its_price_though_the_school_changes_it(session: Session) -> None:
    school = add_paying(session, "school: $500 a month")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    first, second = find_due(session, Delivery)
    session.rollback()
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(first)
    session.execute(update(School).values(price_per_lead_usd=99, part_caps=(*school.part_caps, "school: $500 a day")))
    session.commit()
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(second)
    assert read_spent(session) == [3750, 3750]
    assert find_breaches(session) == []


def test_a_sum_of_cents_that_does_not_fit_the_leads_is_seen(session: Session) -> None:
    add_paying(session, "school: $40 a day")
    send_inquiry(session, ["larkspur"])
    carry(session, Answer("200"))
    session.execute(update(CapUse).values(used=3749))
    (breach,) = find_breaches(session)
    assert "3749 are taken (leads, or cents), and its leads hold 3750" in str(breach)


def test_the_database_refuses_a_cap_in_dollars_without_a_price(session: Session) -> None:
    add_school(session, "larkspur", part_caps=("school: 4 a day",))
    with pytest.raises(IntegrityError, match="price_per_lead"):
        session.execute(update(School).values(part_caps=("campus Main: 3 a day", "school: $40 a day")))
