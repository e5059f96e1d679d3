"""Staff say what became of a delivery or a letter, and send it again where they may."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery import resolve
from leadgen.delivery.carriers.contract import Answer, PermanentNo, Unknown
from leadgen.invariants import find_breaches
from leadgen.models import Attempt, Delivery, Endpoint, EndpointKind, Inquiry, Letter, Result, Route, State
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import (
    ScriptedCarrier,
    carry,
    dispatcher_with,
    inquiry,
    list_kinds,
    only_delivery,
    run,
)

__all__ = ["inquiry"]  # a fixture, used by name


def test_staff_say_the_school_has_it(session: Session, inquiry: Inquiry) -> None:
    _, delivery = carry(session, Unknown("504"))
    resolve.resolve_received(session, delivery, "user:1", "they read it to me")
    session.commit()
    assert only_delivery(session).state is State.delivered
    assert [attempt.result for attempt in delivery.attempts] == [Result.accepted]
    with pytest.raises(resolve.ResolveError, match="delivered by now"):
        resolve.resolve_not_received(session, delivery, "user:2", "no")


def test_staff_say_the_school_does_not_have_it(session: Session, inquiry: Inquiry) -> None:
    carrier, delivery = carry(session, Unknown("504"), Answer("200"))
    resolve.resolve_not_received(session, delivery, "user:1", "nothing there")
    session.commit()
    run(session, carrier, delivery.id)
    assert [attempt.result for attempt in only_delivery(session).attempts] == [Result.not_received, Result.accepted]


def test_staff_cannot_send_to_a_second_endpoint_where_the_first_that_accepts_counts(session: Session) -> None:
    add_school(session, "larkspur", route=Route.first)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    run(session, ScriptedCarrier([PermanentNo("422")]))
    failed = session.scalars(select(Delivery).where(Delivery.state == State.failed)).one()
    with pytest.raises(resolve.ResolveError, match="Another endpoint"):
        resolve.redeliver(session, failed, "user:1", "school_asked")


@pytest.mark.parametrize("outcome", [PermanentNo("550", status="550"), Unknown("silence")])
def test_staff_send_a_letter_again_that_failed_or_may_be_lost(
    session: Session, inquiry: Inquiry, outcome: PermanentNo
) -> None:
    letter = session.scalars(select(Letter)).one()
    letter_id = letter.id
    session.rollback()
    carrier = ScriptedCarrier([outcome, Answer("250")])
    dispatcher_with(carrier).send_letter(letter_id)
    session.expire_all()
    assert letter.state in (State.failed, State.uncertain)
    resolve.resend_letter(session, letter, "user:1", "asked")
    session.commit()
    assert (letter.state, letter.tries) == (State.pending, 0)
    with pytest.raises(resolve.ResolveError, match="pending by now"):
        resolve.resend_letter(session, letter, "user:1", "asked")
    session.rollback()
    dispatcher_with(carrier).send_letter(letter_id)
    session.expire_all()
    assert letter.state is State.delivered
    closed = Result.permanent_no if isinstance(outcome, PermanentNo) else Result.not_received
    results = session.scalars(select(Attempt.result).order_by(Attempt.number)).all()
    assert results == [closed, Result.accepted]
    assert list_kinds(session, inquiry)[-1] == "letter.resent"
    assert find_breaches(session) == []
