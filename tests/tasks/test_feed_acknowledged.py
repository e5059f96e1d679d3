"""What the school's word for its feed does: a receipt, the end of a doubt, a place under the cap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.delivery.batch.start import start_batch
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.feed.acknowledge import acknowledge
from leadgen.delivery.retry import MAX_AGE
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.letters.kinds import NOT_DELIVERED, TOO_OLD
from leadgen.models import (
    Attempt,
    CapUse,
    Consent,
    Delivery,
    Endpoint,
    EndpointKind,
    Inquiry,
    Lead,
    Letter,
    Receipt,
    Route,
    School,
    State,
)
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.stages.daily_files import claim, lapse, make_batch_school, send_leads, states
from tests.tasks.feed_reader import KEY, acknowledge_all, read, withdraw
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, list_kinds, make_due, only_delivery, run
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


def add_another(session: Session, kind: EndpointKind, address: str, route: Route = Route.all) -> None:
    """Larkspur has a webhook, and this beside it; and sent there is one lead, which the webhook took."""
    add_school(session, "larkspur", route=route)
    session.add(Endpoint(school_id="larkspur", kind=kind, position=2, address=address))
    session.commit()
    send_inquiry(session, ["larkspur"])


def take_by_webhook(session: Session, second: Answer | CarrierError) -> Delivery:
    """The webhook takes the lead, and this is what becomes of the other; then its system says that it has it. Gives the
    other."""
    by_webhook, other = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    run(session, ScriptedCarrier([Answer("200")]), by_webhook.id)
    run(session, ScriptedCarrier([second]), other.id)
    acknowledge_all(session)
    receipt = session.scalars(select(Receipt)).one()
    assert receipt.delivery_id == by_webhook.id
    session.refresh(other)
    return other


@pytest.mark.parametrize(
    ("outcome", "state"), [(DefiniteNo("relay away"), State.pending), (Unknown("silence"), State.uncertain)]
)
def test_word_of_the_system_says_nothing_of_the_letter_to_a_counsellor(
    session: Session, outcome: CarrierError, state: State
) -> None:
    add_another(session, EndpointKind.email, "counsellor@larkspur.example")
    letter = take_by_webhook(session, outcome)
    assert letter.state is state
    assert find_breaches(session) == []
    if state is State.pending:
        make_due(session)
        assert run(session, ScriptedCarrier([Answer("250")]), letter.id) is State.delivered


def test_word_of_the_system_settles_its_other_ways(session: Session) -> None:
    add_another(session, EndpointKind.form_post, "https://crm.larkspur.example/form")
    assert take_by_webhook(session, Unknown("silence")).state is State.delivered
    assert find_breaches(session) == []


def test_a_receipt_is_of_the_way_to_the_system_though_the_letter_was_first(session: Session) -> None:
    add_another(session, EndpointKind.email, "counsellor@larkspur.example")
    by_webhook, letter = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    run(session, ScriptedCarrier([Answer("250")]), letter.id)
    acknowledge_all(session)
    assert session.scalars(select(Receipt.delivery_id)).one() == by_webhook.id
    session.refresh(by_webhook)
    assert by_webhook.state is State.delivered


def test_a_school_that_wants_the_first_that_accepts_has_it_by_its_feed(session: Session) -> None:
    add_school(session, "larkspur", kind=EndpointKind.email, address="intake@larkspur.example", route=Route.first)
    send_inquiry(session, ["larkspur"])
    carry(session, DefiniteNo("relay away"))
    acknowledge_all(session)
    assert only_delivery(session).state is State.delivered
    assert find_breaches(session) == []


def test_nobody_is_told_that_it_did_not_arrive_where_the_system_fetched_it(session: Session) -> None:
    add_school(session, "larkspur", kind=EndpointKind.email, address="intake@larkspur.example")
    send_inquiry(session, ["larkspur"])
    carry(session, DefiniteNo("relay away"))
    acknowledge_all(session)
    long_ago = database_now(-(MAX_AGE + timedelta(days=1)).total_seconds())
    session.execute(update(Lead).values(released_at=long_ago).execution_options(synchronize_session=False))
    make_due(session)
    run(session, ScriptedCarrier([Answer("250")]))
    assert only_delivery(session).reason == TOO_OLD
    assert NOT_DELIVERED not in session.scalars(select(Letter.kind)).all()


@pytest.mark.parametrize(
    ("address", "state"),
    [("sftp://files.larkspur.example/in", State.delivered), ("intake@larkspur.example", State.uncertain)],
)
def test_files_that_a_machine_fetches_are_of_the_system_and_files_in_a_mail_box_are_not(
    session: Session, address: str, state: State
) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    session.execute(update(Endpoint).values(address=address))
    start_batch(session, open_vault(), claim(session, first))
    lapse(session)
    acknowledge_all(session)
    assert states(session) == [state] * 2
    assert find_breaches(session) == []


def test_a_withdrawal_and_a_word_for_the_feed_at_the_same_moment_both_go_through(
    app: Flask, session: Session, inquiry: Inquiry
) -> None:
    carry(session, DefiniteNo("refused"))
    through = read(session)[-1]["id"]

    def say_so() -> None:
        with app.app_context():
            acknowledge(db.session, "larkspur", through, KEY)
            db.session.commit()

    with ThreadPoolExecutor(1) as pool:
        # as a withdrawal begins
        session.execute(select(Consent.id).where(Consent.inquiry_id == inquiry.id).with_for_update(key_share=True))
        said = pool.submit(say_so)
        sleep(0.5)
        withdraw(session, inquiry)
        said.result(timeout=20)
    assert only_delivery(session).state is State.cancelled
    assert find_breaches(session) == []


def test_what_a_school_wanted_when_the_lead_was_released_counts(session: Session) -> None:
    add_another(session, EndpointKind.email, "counsellor@larkspur.example")
    session.scalars(select(School)).one().route = Route.first
    session.commit()
    assert take_by_webhook(session, DefiniteNo("relay away")).state is State.pending
    assert find_breaches(session) == []
