"""Schools and campuses that are full or paused: places are taken and given back, and leads wait."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, PermanentNo
from leadgen.delivery.due import find_due
from leadgen.delivery.obstacles import LONGEST_FULL
from leadgen.invariants import find_breaches
from leadgen.models import CapUse, Delivery, Endpoint, EndpointKind, Lead, Letter, Pace, School, SchoolStatus, State
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, dispatcher_with, make_due, only_delivery, run


def test_a_cap_is_reserved_in_the_claim_and_given_back(session: Session) -> None:
    add_school(session, "larkspur", daily_cap=1)
    send_inquiry(session, ["larkspur"])
    carrier = ScriptedCarrier([DefiniteNo("refused"), Answer("200")])
    delivery_id = only_delivery(session).id
    session.rollback()
    run(session, carrier, delivery_id)
    assert session.scalars(select(CapUse.used)).one() == 0, "a no gives the place back"
    make_due(session)
    run(session, carrier, delivery_id)
    session.rollback()
    assert session.scalars(select(CapUse.used)).one() == 1


def test_a_full_school_holds_until_its_next_day(session: Session) -> None:
    add_school(session, "larkspur", monthly_cap=5)
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(daily_cap=0))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    assert timedelta(0) < delivery.due_at - now(session) <= timedelta(hours=25)


def test_a_place_is_given_back_when_the_last_of_two_endpoints_says_no(session: Session) -> None:
    add_school(session, "larkspur", daily_cap=5, monthly_cap=9)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    first, second = find_due(session, Delivery)
    session.rollback()
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(first)
    dispatcher_with(ScriptedCarrier([PermanentNo("422")])).deliver(second)
    assert session.scalars(select(CapUse.used)).all() == [1, 1]
    assert find_breaches(session) == []


def test_daily_and_monthly_caps_hold_together(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(daily_cap=5, monthly_cap=0))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    assert set(session.scalars(select(CapUse.used))) == {0}, "the day's place is given back"
    assert session.scalars(select(Lead.slots)).one() == ()
    month = delivery.due_at.astimezone(ZoneInfo("America/Chicago"))
    assert (month.day, month.hour) == (1, 0) or delivery.due_at - delivery.full_since == LONGEST_FULL


def test_a_lead_waits_while_its_school_is_paused_and_leaves_once_the_pause_is_over(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    pause = {"status": SchoolStatus.paused, "paused_until": now(session).date() + timedelta(days=2)}
    session.execute(update(School).values(pause))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "school_paused")
    session.execute(update(School).values(paused_until=now(session).date() - timedelta(days=1)))
    session.execute(update(Delivery).values(due_at=database_now(-1)))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert delivery.state is State.delivered


def test_a_lead_of_a_full_campus_waits_for_tomorrow_and_of_another_leaves(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(part_caps=("campus Elsewhere: 0 a day", "campus Main: 0 a day")))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    assert delivery.due_at.astimezone(ZoneInfo("America/Chicago")).hour == 0
    session.execute(update(School).values(part_caps=("campus Elsewhere: 0 a day",)))
    session.execute(update(Delivery).values(due_at=database_now(-1)))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert delivery.state is State.delivered


def test_a_full_school_is_waited_for_two_days_and_then_she_is_told(session: Session) -> None:
    add_school(session, "larkspur", monthly_cap=5)
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(monthly_cap=0))
    session.commit()
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    assert delivery.due_at - now(session) <= timedelta(hours=48), "though the month may be long"
    session.execute(update(Delivery).values(full_since=database_now(-48 * 3600 - 1)))
    session.commit()
    make_due(session)
    run(session, carrier, delivery.id)
    ended = only_delivery(session)
    assert (ended.state, ended.reason, carrier.carried) == (State.cancelled, "full", [])
    assert session.scalars(select(Letter.kind).order_by(Letter.id)).all() == ["confirmation", "school_full"]
    assert find_breaches(session) == []


@pytest.mark.parametrize("room", [{"monthly_cap": 1}, {"monthly_cap": None}])
def test_two_days_begin_anew_where_there_was_room_between(session: Session, room: dict[str, int | None]) -> None:
    add_school(session, "larkspur", monthly_cap=5)
    send_inquiry(session, ["larkspur"])
    set_caps(session, monthly_cap=0)
    carrier, delivery = carry(session, DefiniteNo("503", status="503"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    pass_days(session, 1)
    set_caps(session, **room)
    run(session, carrier, delivery.id)
    assert (only_delivery(session).state, len(carrier.carried)) == (State.pending, 1), "it was tried, and answered 503"
    pass_days(session, 2)
    set_caps(session, monthly_cap=0)
    run(session, carrier, delivery.id)
    again = only_delivery(session)
    assert (again.state, again.reason) == (State.held, "cap"), "full since today"
    pass_days(session, 2)
    run(session, carrier, delivery.id)
    assert only_delivery(session).reason == "full"
    assert find_breaches(session) == []


def set_caps(session: Session, **caps: int | None) -> None:
    session.execute(update(School).values(caps))
    session.commit()


def pass_days(session: Session, days: int) -> None:
    """As if what happened to the delivery had been so long ago; what waits is due."""
    delivery = only_delivery(session)
    if delivery.full_since is not None:
        delivery.full_since -= timedelta(days=days)
    session.execute(delete(Pace))
    session.flush()
    make_due(session)


def test_room_that_comes_within_two_days_is_used(session: Session) -> None:
    add_school(session, "larkspur", monthly_cap=5)
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(monthly_cap=0))
    session.commit()
    carrier, delivery = carry(session, Answer("200"))
    session.execute(update(School).values(monthly_cap=1))
    session.commit()
    make_due(session)
    run(session, carrier, delivery.id)
    assert only_delivery(session).state is State.delivered
