"""What waits too long: a sign that no worker carries, and leads that are too old to send."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery import resolve
from leadgen.delivery.carriers.contract import Answer, PermanentNo
from leadgen.delivery.due import find_due, is_overdue
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters.kinds import NOT_DELIVERED
from leadgen.models import Delivery, Endpoint, EndpointKind, Inquiry, Lead, Letter, State
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, dispatcher_with, find_notice, inquiry, run

__all__ = ["inquiry"]  # a fixture, used by name


@pytest.mark.parametrize("model", [Delivery, Letter])
def test_a_letter_that_waits_too_long_is_a_sign_like_a_delivery(
    session: Session, inquiry: Inquiry, model: type[Delivery] | type[Letter]
) -> None:
    assert not is_overdue(session, timedelta(seconds=15))
    session.execute(update(model).values(due_at=database_now(-16)))
    assert is_overdue(session, timedelta(seconds=15))


def grow_old(session: Session) -> None:
    past = now(session) - timedelta(days=31)
    session.execute(update(Lead).values(released_at=past))
    session.execute(update(Delivery).values(created_at=past, due_at=database_now(-1)))
    session.commit()


def read_letters(session: Session) -> list[str]:
    return list(session.scalars(select(Letter.kind).order_by(Letter.id)))


def test_a_lead_that_waited_over_thirty_days_fails_and_she_is_told_once(session: Session) -> None:
    add_school(session, "larkspur")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    add_school(session, "bramble")
    send_inquiry(session, ["larkspur", "bramble"])
    grow_old(session)
    carrier = ScriptedCarrier([Answer("200")])
    for delivery_id in find_due(session, Delivery):
        session.rollback()
        dispatcher_with(carrier).deliver(delivery_id)
    session.rollback()
    assert set(session.execute(select(Delivery.state, Delivery.reason))) == {(State.failed, "too_old")}
    assert read_letters(session) == ["confirmation", NOT_DELIVERED]
    assert carrier.carried == []


def test_a_lead_that_one_endpoint_got_is_not_told_as_lost(session: Session) -> None:
    add_school(session, "larkspur")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    send_inquiry(session, ["larkspur"])
    first, second = find_due(session, Delivery)
    session.rollback()
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(first)
    grow_old(session)
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(second)
    assert session.get_one(Delivery, second).reason == "too_old"
    assert read_letters(session) == ["confirmation"]


def test_a_withdrawal_is_told_however_long_it_waited(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    notice = find_notice(session)
    assert notice is not None
    grow_old(session)
    run(session, ScriptedCarrier([Answer("200")]), notice.id)
    session.expire_all()
    assert notice.state is State.delivered


def test_a_lead_that_is_too_old_is_not_sent_again_by_staff(session: Session, inquiry: Inquiry) -> None:
    _, delivery = carry(session, PermanentNo("422", status="422"))
    grow_old(session)
    with pytest.raises(resolve.ResolveError, match="older than 30 days"):
        resolve.redeliver(session, delivery, "user:1", "school_asked")
