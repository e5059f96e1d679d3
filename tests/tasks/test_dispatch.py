"""The state machine of a delivery, step by step, with a carrier that answers as told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery import endpoints, resolve
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Destination,
    Line,
    Misconfigured,
    OurFault,
    Parcel,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.due import find_due, release_lapsed
from leadgen.extensions import db
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    About,
    Attempt,
    CapUse,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    Event,
    Inquiry,
    Lead,
    Result,
    Route,
    School,
    State,
)
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry


@dataclass
class ScriptedCarrier:
    """Answers in the order told; the last answer repeats. Remembers what it was given."""

    outcomes: list[Answer | CarrierError]
    before_answer: Callable[[], None] = lambda: None
    carried: list[tuple[Parcel, Destination]] = field(default_factory=list)

    def __call__(self, parcel: Parcel, destination: Destination, line: Line) -> Answer:
        self.carried.append((parcel, destination))
        self.before_answer()
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, CarrierError):
            raise outcome
        return outcome


def dispatcher_with(carrier: ScriptedCarrier, lease_seconds: float = 30) -> Dispatcher:
    running = open_dispatcher()
    carriers = dict.fromkeys(EndpointKind, carrier)
    return Dispatcher(running.sessions, running.vault, running.line, lease_seconds, carriers)


def only_delivery(session: Session) -> Delivery:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Delivery).where(Delivery.about == About.lead)).one()


def make_due(session: Session) -> None:
    session.execute(update(Delivery).values(due_at=database_now(-1)))
    session.commit()


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    add_school(session, "larkspur")
    return send_inquiry(session, ["larkspur"])


def run(session: Session, carrier: ScriptedCarrier, delivery_id: int | None = None) -> State | None:
    """Deliver as a worker does, with the test's own transaction out of the way."""
    delivery_id = delivery_id or only_delivery(session).id
    session.rollback()
    return dispatcher_with(carrier).deliver(delivery_id)


def carry(session: Session, *outcomes: Answer | CarrierError) -> tuple[ScriptedCarrier, Delivery]:
    carrier = ScriptedCarrier(list(outcomes))
    run(session, carrier)
    return carrier, only_delivery(session)


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


def test_a_misconfigured_endpoint_breaks_and_holds(session: Session, inquiry: Inquiry) -> None:
    carrier, delivery = carry(session, Misconfigured("401", status="401"), Answer("200"))
    endpoint = session.scalars(select(Endpoint)).one()
    assert (delivery.state, endpoint.state) == (State.held, EndpointState.broken)
    make_due(session)
    assert run(session, carrier, delivery.id) is None, "a broken endpoint gets nothing"
    endpoints.resume_endpoint(session, session.scalars(select(Endpoint)).one(), "user:1")
    session.commit()
    run(session, carrier, delivery.id)
    assert only_delivery(session).state is State.delivered


def test_an_answer_from_where_an_endpoint_was_before_leaves_its_test_open(session: Session, inquiry: Inquiry) -> None:
    sessions = db.sessionmaker

    def move() -> None:
        with sessions() as other:
            other.execute(update(Endpoint).values(state=EndpointState.testing))
            other.commit()

    run(session, ScriptedCarrier([Misconfigured("404", status="404")], move))
    delivery = only_delivery(session)
    endpoint = session.scalars(select(Endpoint)).one()
    assert (delivery.state, endpoint.state) == (State.held, EndpointState.testing)


@pytest.mark.parametrize("outcome", [Misconfigured("404", status="404"), DefiniteNo("refused")])
def test_an_answer_from_where_an_endpoint_was_before_it_was_moved_says_nothing_of_the_new_place(
    session: Session, inquiry: Inquiry, outcome: CarrierError
) -> None:
    sessions = db.sessionmaker

    def move() -> None:
        with sessions() as other:
            other.execute(
                update(Endpoint).values(address="https://new.larkspur.example/", version=Endpoint.version + 1)
            )
            other.commit()

    run(session, ScriptedCarrier([outcome], move))
    endpoint = session.scalars(select(Endpoint)).one()
    assert (endpoint.state, endpoint.failures_in_a_row) == (EndpointState.live, 0)
    if isinstance(outcome, Misconfigured):
        assert run(session, ScriptedCarrier([Answer("200")])) is State.delivered, "the new place is tried at once"


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


def test_a_poisoned_lead_fails_before_a_byte_leaves(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Inquiry).values(criteria={"broken": True}))
    session.commit()
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason, carrier.carried) == (State.failed, "rendering:KeyError", [])
    assert delivery.attempts == []


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


def test_a_paused_endpoint_holds_leads_and_lets_notices_pass(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    endpoints.pause_endpoint(session, session.scalars(select(Endpoint)).one(), "user:1")
    session.commit()
    second = send_inquiry(session, ["larkspur"])
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    carrier = ScriptedCarrier([Answer("200")])
    for delivery_id in session.scalars(select(Delivery.id)).all():
        session.rollback()
        run(session, carrier, delivery_id)
    session.expire_all()
    held = session.scalars(select(Delivery).join(Lead, Lead.id == Delivery.lead_id).where(Lead.inquiry_id == second.id))
    states = [(delivery.state, delivery.reason) for delivery in held]
    # the second inquiry of the same person is held for review, so it has no delivery at all
    assert states == []
    assert [parcel.schema for parcel, _ in carrier.carried] == ["lead.withdrawn/1"]


def test_ten_failures_in_a_row_open_the_circuit(session: Session, inquiry: Inquiry) -> None:
    carrier = ScriptedCarrier([DefiniteNo("refused")])
    for _ in range(11):
        make_due(session)
        run(session, carrier)
    delivery = only_delivery(session)
    assert (len(carrier.carried), delivery.state, delivery.reason) == (10, State.held, "circuit_open")


def test_faults_of_our_own_relay_never_open_a_circuit(session: Session, inquiry: Inquiry) -> None:
    carrier = ScriptedCarrier([OurFault("our mail relay: refused")] * 10 + [Answer("250")])
    for _ in range(11):
        make_due(session)
        run(session, carrier)
    assert (len(carrier.carried), only_delivery(session).state) == (11, State.delivered)


def test_a_school_that_wants_the_first_that_accepts(session: Session) -> None:
    school = add_school(session, "larkspur", route=Route.first)
    session.add(Endpoint(school_id=school.id, kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    run(session, ScriptedCarrier([PermanentNo("422")]))
    deliveries = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [delivery.state for delivery in deliveries] == [State.failed, State.pending]
    assert deliveries[1].endpoint.kind is EndpointKind.portal


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


def test_every_step_is_in_the_history(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    kinds = session.scalars(select(Event.kind).order_by(Event.number)).all()
    assert kinds == ["inquiry.received", "choice.released", "lead.released", "delivery.delivered"]


def test_the_webhook_secret_reaches_the_carrier_open(session: Session, inquiry: Inquiry) -> None:
    carrier, _ = carry(session, Answer("200"))
    assert carrier.carried[0][1].secrets == ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",)
    assert open_vault()
