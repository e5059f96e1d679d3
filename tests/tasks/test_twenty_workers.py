"""Twenty workers, one delivery: one sends."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Answer, Destination, Line, Parcel
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.matching.room import find_hidden, find_unavailable
from leadgen.models import Attempt, CapUse, Delivery, EndpointKind, Lead, State
from tests.inquiries import Prospect, add_school, send_inquiry

WORKERS = 20
PATIENCE_SECONDS = 120


@dataclass
class CountingCarrier:
    """Accepts everything, and remembers each key."""

    keys: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, parcel: Parcel, destination: Destination, line: Line) -> Answer:
        with self.lock:
            self.keys.append(destination.key)
        return Answer("200")


def run_together(app: Flask, works: list[Callable[[Dispatcher], object]], carrier: CountingCarrier) -> list[object]:
    """Start all at once, each in a thread and an app context of its own. They share a pool that processes would not:
    each waits for a connection as long as it takes."""
    barrier = threading.Barrier(len(works))
    with app.app_context():
        db.engine.pool._timeout = PATIENCE_SECONDS  # type: ignore[attr-defined]

    def work_one(work: Callable[[Dispatcher], object]) -> object:
        with app.app_context():
            running = open_dispatcher()
            carriers = dict.fromkeys(EndpointKind, carrier)
            dispatcher = Dispatcher(running.sessions, running.vault, running.line, 30, carriers, len(works))
            barrier.wait()
            return work(dispatcher)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work_one, works))


def send_one_of_many(session: Session, number: int) -> None:
    """An inquiry of another person than those with other numbers."""
    prospect = Prospect(email=f"p{number}@mail.example", phone=f"+1312555{110 + number:04d}")
    send_inquiry(session, ["larkspur"], prospect)


def test_twenty_workers_on_one_delivery_send_once(app: Flask, session: Session) -> None:
    add_school(session)
    send_inquiry(session, ["larkspur"])
    delivery_id = session.scalars(select(Delivery.id)).one()
    session.rollback()
    carrier = CountingCarrier()
    states = run_together(app, [lambda worker: worker.deliver(delivery_id)] * WORKERS, carrier)
    assert sorted(map(str, states)) == ["None"] * (WORKERS - 1) + ["delivered"]
    assert len(carrier.keys) == 1
    assert len(session.scalars(select(Attempt)).all()) == 1
    assert find_breaches(session) == []


def test_twenty_workers_on_a_cap_of_three_send_three(app: Flask, session: Session) -> None:
    school = add_school(session, daily_cap=WORKERS)
    for number in range(8):
        send_one_of_many(session, number)
    school.daily_cap = 3
    session.commit()
    ids = list(session.scalars(select(Delivery.id)))
    session.rollback()
    carrier = CountingCarrier()
    works = [lambda worker, row=row: worker.deliver(row) for row in ids for _ in range(2)]
    run_together(app, works, carrier)
    assert len(carrier.keys) == 3
    assert session.scalars(select(CapUse.used)).one() == 3
    states = sorted(session.scalars(select(Delivery.state)))
    assert states == [State.delivered] * 3 + [State.held] * 5


@pytest.mark.slow
def test_two_hundred_workers_on_a_cap_of_ten_send_ten(app: Flask, session: Session) -> None:
    school = add_school(session, daily_cap=WORKERS)
    for number in range(WORKERS):
        send_one_of_many(session, number)
    school.daily_cap = 10
    session.commit()
    ids = list(session.scalars(select(Delivery.id)))
    session.rollback()
    carrier = CountingCarrier()
    works = [lambda worker, row=row: worker.deliver(row) for row in ids for _ in range(10)]
    assert len(works) == 200
    run_together(app, works, carrier)
    assert len(set(carrier.keys)) == len(carrier.keys) == 10
    assert session.scalars(select(CapUse.used)).one() == 10
    assert find_breaches(session) == []


@pytest.mark.slow
def test_two_hundred_workers_on_a_hundred_dollars_never_spend_more(app: Flask, session: Session) -> None:
    school = add_school(session, price_per_lead_usd=Decimal(15))
    for number in range(WORKERS):
        send_one_of_many(session, number)
    school.part_caps = ("school: $100 a day", "school: $500 a week")
    session.commit()
    ids = list(session.scalars(select(Delivery.id)))
    session.rollback()
    carrier = CountingCarrier()
    works = [lambda worker, row=row: worker.deliver(row) for row in ids for _ in range(10)]
    assert len(works) == 200
    run_together(app, works, carrier)
    assert len(set(carrier.keys)) == len(carrier.keys) == 6, "a seventh would not fit"
    assert set(session.scalars(select(CapUse.used))) == {9000}
    assert find_breaches(session) == []


@pytest.mark.parametrize(
    ("caps", "places"),
    [
        ({"weekly_cap": 3}, {3}),
        ({"total_cap": 3, "daily_cap": 5}, {3}),
        ({"part_caps": ("school: $50 a month",), "price_per_lead_usd": Decimal(15)}, {4500}),
        ({"part_caps": ("medical-billing-and-coding: 3 a month", "phlebotomy: 0 a day"), "daily_cap": 7}, {3}),
    ],
)
def test_twenty_workers_on_three_places_of_any_kind_send_three(
    app: Flask, session: Session, caps: dict[str, object], places: set[int]
) -> None:
    school = add_school(session)
    for number in range(8):
        send_one_of_many(session, number)
    for name, value in caps.items():
        setattr(school, name, value)
    session.commit()
    ids = list(session.scalars(select(Delivery.id)))
    session.rollback()
    carrier = CountingCarrier()
    run_together(app, [lambda worker, row=row: worker.deliver(row) for row in ids for _ in range(2)], carrier)
    assert len(carrier.keys) == 3
    assert set(session.scalars(select(CapUse.used))) == places
    assert find_unavailable(session, ["larkspur"]).schools or find_hidden(session).full_offerings
    assert find_breaches(session) == []


def test_withdrawal_and_twenty_workers_at_once_never_send_after_it(app: Flask, session: Session) -> None:
    add_school(session)
    inquiry = send_inquiry(session, ["larkspur"])
    delivery_id, inquiry_id = session.scalars(select(Delivery.id)).one(), inquiry.id
    session.rollback()

    def withdraw(worker: Dispatcher) -> None:
        with worker.sessions() as own:
            withdraw_inquiry(own, inquiry_id, None, "prospect")
            own.commit()

    carrier = CountingCarrier()
    run_together(app, [withdraw, *[lambda worker: worker.deliver(delivery_id)] * 9], carrier)
    session.expire_all()
    lead = session.scalars(select(Lead)).one()
    states = {delivery.about: delivery.state for delivery in lead.deliveries}
    assert states in (
        {"lead": State.cancelled},
        {"lead": State.delivered, "withdrawal": State.pending},
    )
    assert len(carrier.keys) == (states["lead"] is State.delivered)
    assert find_breaches(session) == []
