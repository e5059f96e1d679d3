"""What comes late or from the dead: the delivery tells the truth, and nobody gets it again."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.delivery import resolve
from leadgen.delivery.carriers.contract import Answer
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.due import find_due, release_lapsed
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import About, Delivery, EndpointKind, Inquiry, Result, State
from tests.tasks.scripted_carrier import (
    ScriptedCarrier,
    dispatcher_with,
    find_notice,
    inquiry,
    lapse,
    list_kinds,
    only_delivery,
    run,
)

__all__ = ["inquiry"]  # a fixture, used by name


def test_a_claim_that_lapsed_goes_back_and_the_late_worker_sends_nothing(session: Session, inquiry: Inquiry) -> None:
    delivery = only_delivery(session)
    sweeper_ran: list[int] = []
    sessions = db.sessionmaker

    class Slow(Dispatcher):
        def _prepare(self, *arguments):
            arguments[0].rollback()
            with sessions() as other:
                other.execute(update(Delivery).values(lease_until=database_now(-1)))
                sweeper_ran.append(release_lapsed(other, Delivery))
                other.commit()
            return super()._prepare(*arguments)

    running, carrier = open_dispatcher(), ScriptedCarrier([Answer("200")])
    slow = Slow(running.sessions, running.vault, running.line, 30, dict.fromkeys(EndpointKind, carrier))
    delivery_id = delivery.id
    session.rollback()
    assert slow.deliver(delivery_id) is None
    assert (sweeper_ran, carrier.carried) == ([1], [])
    assert only_delivery(session).state is State.pending


def test_a_worker_that_dies_while_sending_leaves_it_uncertain(session: Session, inquiry: Inquiry) -> None:
    delivery = only_delivery(session)

    class PowerCutError(BaseException):
        pass

    def cut() -> None:
        raise PowerCutError

    with pytest.raises(PowerCutError):
        run(session, ScriptedCarrier([Answer("200")], cut), delivery.id)
    assert release_lapsed(session, Delivery) == 0, "the lease still runs"
    session.execute(update(Delivery).values(lease_until=database_now(-1)))
    assert release_lapsed(session, Delivery) == 1
    session.commit()
    delivery = only_delivery(session)
    assert (delivery.state, delivery.attempts[0].result) == (State.uncertain, Result.unknown)


def test_a_late_answer_from_the_sender_itself_resolves_the_uncertain(session: Session, inquiry: Inquiry) -> None:
    sessions = db.sessionmaker

    def lapse() -> None:
        with sessions() as other:
            other.execute(update(Delivery).values(lease_until=database_now(-1)))
            release_lapsed(other, Delivery)
            other.commit()
            assert other.scalars(select(Delivery.state)).one() is State.uncertain

    run(session, ScriptedCarrier([Answer("200")], lapse))
    delivery = only_delivery(session)
    assert (delivery.state, [attempt.result for attempt in delivery.attempts]) == (State.delivered, [Result.accepted])


def say_no(own: Session) -> None:
    delivery = own.scalars(select(Delivery).where(Delivery.about == About.lead)).one()
    resolve.resolve_not_received(own, delivery, "user:1", "school_said")


def test_a_yes_that_comes_after_staff_said_no_still_counts_before_it_goes_again(
    session: Session, inquiry: Inquiry
) -> None:
    def settle() -> None:
        with db.sessionmaker() as own:
            lapse(own)
            say_no(own)
            own.commit()

    carrier = ScriptedCarrier([Answer("200")], settle)
    run(session, carrier)
    delivery = only_delivery(session)
    assert (delivery.state, [each.result for each in delivery.attempts]) == (State.delivered, [Result.accepted])
    assert find_due(session, Delivery) == []
    assert find_breaches(session) == []


def test_a_yes_that_comes_after_no_and_withdrawal_revives_the_notice(session: Session, inquiry: Inquiry) -> None:
    inquiry_id = inquiry.id

    def settle() -> None:
        with db.sessionmaker() as own:
            withdraw_inquiry(own, inquiry_id, None, "prospect")
            lapse(own)
            say_no(own)
            own.commit()
            states = {row.about: row.state for row in own.scalars(select(Delivery))}
            assert states == {About.lead: State.cancelled, About.withdrawal: State.cancelled}

    run(session, ScriptedCarrier([Answer("200")], settle))
    assert only_delivery(session).state is State.delivered
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is State.pending
    assert find_breaches(session) == []


def test_an_answer_that_comes_after_another_worker_took_over_is_kept_in_the_history(
    session: Session, inquiry: Inquiry
) -> None:
    def settle() -> None:
        with db.sessionmaker() as own:
            lapse(own)
            say_no(own)
            own.commit()
            second = own.scalars(select(Delivery.id)).one()
        dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(second)

    run(session, ScriptedCarrier([Answer("200")], settle))
    delivery = only_delivery(session)
    assert [each.result for each in delivery.attempts] == [Result.not_received, Result.accepted]
    assert list_kinds(session, inquiry)[-2:] == ["delivery.delivered", "delivery.late_answer"]
    assert find_breaches(session) == []


def test_a_database_that_fails_while_the_parcel_is_built_costs_no_lead(session: Session, inquiry: Inquiry) -> None:
    class Flaky(type(dispatcher_with(ScriptedCarrier([Answer("200")])))):  # type: ignore[misc]
        def _prepare(self, *arguments: object) -> None:
            raise OperationalError("SELECT", {}, Exception("the connection was lost"))

    ours = dispatcher_with(ScriptedCarrier([Answer("200")]))
    delivery_id = only_delivery(session).id
    session.rollback()
    with pytest.raises(OperationalError):
        Flaky(ours.sessions, ours.vault, ours.line, 30, ours.carriers).deliver(delivery_id)
    assert only_delivery(session).state is State.claimed
    session.execute(update(Delivery).values(lease_until=database_now(-1)))
    assert release_lapsed(session, Delivery)
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    assert only_delivery(session).state is State.delivered
