"""The state machine of a delivery, step by step, with a carrier that answers as told."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery import resolve
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, PermanentNo, Unknown
from leadgen.delivery.due import find_due
from leadgen.extensions import db
from leadgen.models import Attempt, Delivery, Endpoint, Event, Inquiry, Lead, Result, State
from leadgen.vault import open_vault
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, list_kinds, make_due, only_delivery, run

__all__ = ["inquiry"]  # a fixture, used by name


def test_an_accepted_parcel_is_delivered_once(session: Session, inquiry: Inquiry) -> None:
    carrier, delivery = carry(session, Answer("202", reference="S-77"))
    assert delivery.state is State.delivered
    assert run(session, carrier, delivery.id) is None
    assert len(carrier.carried) == 1
    (attempt,) = delivery.attempts
    assert (attempt.result, attempt.status, attempt.number) == (Result.accepted, "202", 1)
    assert session.scalars(select(Lead)).one().school_reference == "S-77"


def test_the_attempt_is_committed_before_the_first_byte(session: Session, inquiry: Inquiry) -> None:
    seen: list[tuple[str, int]] = []
    sessions = db.sessionmaker

    def look() -> None:
        with sessions() as other:
            attempts = other.scalars(select(Attempt)).all()
            seen.append((other.scalars(select(Delivery.state)).one(), len(attempts)))

    carrier = ScriptedCarrier([Answer("200")], look)
    run(session, carrier)
    assert seen == [(State.sending, 1)]


def test_a_definite_no_is_tried_again_later_under_the_same_key(session: Session, inquiry: Inquiry) -> None:
    carrier, delivery = carry(session, DefiniteNo("refused"), Answer("200"))
    assert delivery.state is State.pending
    wait = delivery.due_at - now(session)
    assert timedelta(seconds=6) < wait < timedelta(seconds=13)
    assert run(session, carrier, delivery.id) is None, "not due yet"
    make_due(session)
    run(session, carrier, delivery.id)
    assert only_delivery(session).state is State.delivered
    assert len({destination.key for _, destination in carrier.carried}) == 1
    assert [attempt.result for attempt in only_delivery(session).attempts] == [Result.definite_no, Result.accepted]


def test_a_spent_schedule_fails_and_redelivery_starts_it_anew(session: Session, inquiry: Inquiry) -> None:
    carrier = ScriptedCarrier([DefiniteNo("refused")])
    for _ in range(11):
        make_due(session)
        session.execute(update(Endpoint).values(open_until=None, failures_in_a_row=0))
        session.execute(update(Attempt).values(started_at=database_now(-301)))
        session.commit()
        run(session, carrier)
    delivery = only_delivery(session)
    assert (delivery.state, delivery.tries, len(carrier.carried)) == (State.failed, 11, 11)
    resolve.redeliver(session, delivery, "user:1", "the school mended it")
    session.commit()
    run(session, carrier, delivery.id)
    delivery = only_delivery(session)
    assert (delivery.state, delivery.tries, delivery.attempts[-1].number) == (State.pending, 1, 12)


def test_a_permanent_no_fails(session: Session, inquiry: Inquiry) -> None:
    _, delivery = carry(session, PermanentNo("422", status="422", text="no such program"))
    assert delivery.state is State.failed
    assert delivery.ended_at is not None
    assert b"no such program" not in (delivery.attempts[0].answer_sealed or b"")


def test_the_unknown_is_uncertain_and_never_sent_again_by_itself(session: Session, inquiry: Inquiry) -> None:
    carrier, delivery = carry(session, Unknown("reset after the body"))
    make_due(session)
    assert delivery.state is State.uncertain
    assert find_due(session, Delivery) == []
    assert run(session, carrier, delivery.id) is None
    assert len(carrier.carried) == 1


def test_the_unknown_goes_again_where_the_receiver_is_proved_to_dedupe(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Endpoint).values(dedupes=True))
    session.commit()
    carrier, delivery = carry(session, Unknown("504"), Answer("200"))
    assert delivery.state is State.pending
    make_due(session)
    run(session, carrier, delivery.id)
    assert [attempt.result for attempt in only_delivery(session).attempts] == [Result.superseded, Result.accepted]


def test_a_poisoned_lead_fails_before_a_byte_leaves(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Inquiry).values(criteria={"broken": True}))
    session.commit()
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason, carrier.carried) == (State.failed, "rendering:KeyError", [])
    assert delivery.attempts == []


def test_every_step_is_in_the_history(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    kinds = session.scalars(select(Event.kind).order_by(Event.number)).all()
    assert kinds == ["inquiry.received", "consent.given", "choice.released", "lead.released", "delivery.delivered"]


def test_the_webhook_secret_reaches_the_carrier_open(session: Session, inquiry: Inquiry) -> None:
    carrier, _ = carry(session, Answer("200"))
    assert carrier.carried[0][1].secrets == ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",)
    assert open_vault()


def test_what_cannot_be_sent_is_told_in_the_history(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Inquiry).values(criteria={"broken": True}))
    session.commit()
    carry(session, Answer("200"))
    assert list_kinds(session, inquiry)[-1] == "delivery.failed"
