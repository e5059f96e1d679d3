"""She withdraws at every moment of a delivery: it stops, or the school gets a notice, or neither is needed."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery import resolve
from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Misconfigured, Unknown
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.extensions import db
from leadgen.history import read_history
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import About, Delivery, Endpoint, EndpointKind, Inquiry, Lead, State, Subject, Takes
from leadgen.review.worklist import Bin, count_bins
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, find_notice, inquiry, lapse, only_delivery, run

__all__ = ["inquiry"]  # a fixture, used by name


def test_withdrawn_before_it_left_cancels_and_tells_nobody(session: Session, inquiry: Inquiry) -> None:
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, carrier.carried) == (State.cancelled, [])
    assert session.scalars(select(Delivery)).all() == [delivery]


def test_withdrawn_between_claim_and_send_sends_nothing(session: Session, inquiry: Inquiry) -> None:
    sessions, inquiry_id = db.sessionmaker, inquiry.id

    class Slow(Dispatcher):
        def _prepare(self, *arguments):
            arguments[0].rollback()
            with sessions() as other:
                withdraw_inquiry(other, inquiry_id, None, "prospect")
                other.commit()
            return super()._prepare(*arguments)

    running, carrier = open_dispatcher(), ScriptedCarrier([Answer("200")])
    slow = Slow(running.sessions, running.vault, running.line, 30, dict.fromkeys(EndpointKind, carrier))
    delivery_id = only_delivery(session).id
    session.rollback()
    assert slow.deliver(delivery_id) is None
    assert carrier.carried == []
    assert only_delivery(session).state is State.cancelled


def test_withdrawn_after_delivery_sends_a_notice_without_the_person(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200", reference="S-77"))
    withdraw_inquiry(session, inquiry.id, ["larkspur"], "prospect")
    session.commit()
    notice = session.scalars(select(Delivery).where(Delivery.about == About.withdrawal)).one()
    carrier = ScriptedCarrier([Answer("200")])
    run(session, carrier, notice.id)
    body = carrier.carried[0][0].body.decode()
    assert "lead.withdrawn" in body
    assert "S-77" in body
    assert "ada@" not in body.lower()
    assert withdraw_inquiry(session, inquiry.id, None, "prospect") == [], "a second withdrawal has nothing to do"


def test_withdrawn_while_sending_waits_for_the_end_and_then_tells(session: Session, inquiry: Inquiry) -> None:
    sessions, inquiry_id = db.sessionmaker, inquiry.id

    def withdraw() -> None:
        with sessions() as other:
            withdraw_inquiry(other, inquiry_id, None, "prospect")
            other.commit()
            notice = other.scalars(select(Delivery).where(Delivery.about == About.withdrawal)).one()
            assert run(other, ScriptedCarrier([Answer("200")]), notice.id) is None
            other.expire_all()
            assert (notice.state, notice.reason) == (State.pending, "after_its_lead")

    delivery_id = only_delivery(session).id
    session.rollback()
    run(session, ScriptedCarrier([Answer("200")], withdraw), delivery_id)
    assert only_delivery(session).state is State.delivered
    assert session.scalars(select(Delivery.state).where(Delivery.about == About.withdrawal)).one() is State.pending


def test_withdrawn_while_sending_that_ends_in_a_definite_no_needs_no_notice(session: Session, inquiry: Inquiry) -> None:
    sessions, inquiry_id = db.sessionmaker, inquiry.id

    def withdraw() -> None:
        with sessions() as other:
            withdraw_inquiry(other, inquiry_id, None, "prospect")
            other.commit()

    delivery_id = only_delivery(session).id
    session.rollback()
    run(session, ScriptedCarrier([DefiniteNo("refused")], withdraw), delivery_id)
    assert only_delivery(session).state is State.cancelled
    assert session.scalars(select(Delivery.state).where(Delivery.about == About.withdrawal)).one() is State.cancelled


def test_withdrawn_while_a_try_that_may_have_arrived_is_repeated_tells_the_school(
    session: Session, inquiry: Inquiry
) -> None:
    session.execute(update(Endpoint).values(dedupes=True))
    session.commit()
    carry(session, Unknown("504"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert only_delivery(session).state is State.cancelled
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is State.pending


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (DefiniteNo("refused"), State.cancelled),
        (DefiniteNo("503", status="503"), State.pending),
        (Misconfigured("401", status="401"), State.pending),
    ],
)
def test_the_notice_is_needless_only_where_no_body_left(
    session: Session, inquiry: Inquiry, outcome: DefiniteNo, state: State
) -> None:
    inquiry_id = inquiry.id

    def withdraw() -> None:
        with db.sessionmaker() as own:
            withdraw_inquiry(own, inquiry_id, None, "prospect")
            own.commit()

    run(session, ScriptedCarrier([outcome], withdraw))
    assert only_delivery(session).state is State.cancelled
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is state


def test_a_school_that_needs_telling_by_hand_is_told_where_a_repeated_try_may_have_arrived(session: Session) -> None:
    add_school(session, "harebell", kind=EndpointKind.form_post)
    session.execute(update(Endpoint).values(dedupes=True))
    inquiry = send_inquiry(session, ["harebell"])
    carry(session, Unknown("504"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert count_bins(session)[Bin.withdrawals] == 1
    tell_by_hand(session, session.scalars(select(Lead)).one(), "user:1", "called_school")
    session.commit()
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is State.delivered


def test_the_history_says_of_a_notice_that_it_is_one(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    notice = find_notice(session)
    assert notice is not None

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(session, ScriptedCarrier([Answer("200")], die), notice.id)
    lapse(session)
    resolve.resolve_not_received(session, session.get_one(Delivery, notice.id), "user:1", "school_said")
    session.execute(update(Endpoint).values(retired_at=now(session)))
    session.commit()
    run(session, ScriptedCarrier([]), notice.id)
    session.rollback()
    told = {event.kind: event.data.get("about") for event in read_history(session, Subject.inquiry, inquiry.id)}
    for kind in ("delivery.uncertain", "delivery.resolved_not_received", "delivery.failed"):
        assert told[kind] == About.withdrawal


def test_a_form_post_school_is_not_told_at_an_endpoint_for_leads(session: Session) -> None:
    add_school(session, "harebell", kind=EndpointKind.form_post)
    session.execute(update(Endpoint).values(takes=Takes.leads))
    inquiry = send_inquiry(session, ["harebell"])
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert find_notice(session) is None
