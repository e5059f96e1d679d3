"""At most four deliveries of a school are under way at once, and what waits goes as soon as one of them ends."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer, Destination, Line, Parcel
from leadgen.delivery.claim import claim_delivery
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.lanes import IN_FLIGHT, choose_lane, choose_most
from leadgen.extensions import db
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.models import Delivery, EndpointKind, Inquiry, State, Subject
from tests.tasks.scripted_carrier import ScriptedCarrier, dispatcher_with, make_due, run
from tests.tasks.test_circuit import send_many

YES = ScriptedCarrier([Answer("200")])
UNDER_WAY = (State.claimed, State.sending)


@dataclass
class CrowdedCarrier:
    """Takes a moment, and counts how many of the deliveries it carries are under way, as the database says it."""

    most: int = 0
    keys: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, parcel: Parcel, destination: Destination, line: Line) -> Answer:
        with self.lock:
            with db.sessionmaker() as session:
                seen = session.scalars(select(func.count()).where(Delivery.state.in_(UNDER_WAY))).one()
            self.most = max(self.most, seen)
            self.keys.append(destination.key)
        time.sleep(0.05)
        return Answer("200")


def occupy(session: Session, ids: list[int]) -> None:
    """Workers have claimed these, and not sent them yet."""
    for delivery_id in ids:
        assert claim_delivery(session, delivery_id)
        session.commit()


def test_a_fifth_waits_without_costing_a_try(session: Session) -> None:
    *four, fifth = send_many(session, 5)
    occupy(session, four)
    assert run(session, YES, fifth) is None
    waiting = session.get_one(Delivery, fifth, populate_existing=True)
    assert (waiting.state, waiting.reason, waiting.tries, waiting.fence) == (State.pending, IN_FLIGHT, 0, 0)
    assert 3 < (waiting.due_at - now(session)).total_seconds() <= 5


def test_waiting_for_a_lane_is_no_line_of_the_history(session: Session) -> None:
    *four, fifth = send_many(session, 5)
    occupy(session, four)
    run(session, YES, fifth)
    inquiry_id = session.scalars(select(Inquiry.id).order_by(Inquiry.id)).all()[-1]
    assert all(line.data.get("reason") != IN_FLIGHT for line in read_history(session, Subject.inquiry, str(inquiry_id)))


def test_the_one_that_waits_longest_is_woken_when_one_ends(session: Session) -> None:
    first, *others = send_many(session, 6)
    occupy(session, others[:3])

    def meet_full_lanes() -> None:
        for delivery_id in others[3:]:
            assert dispatcher_with(YES).deliver(delivery_id) is None

    run(session, ScriptedCarrier([Answer("200")], meet_full_lanes), first)
    session.expire_all()
    woken, still = (session.get_one(Delivery, each) for each in others[3:])
    assert woken.due_at <= now(session) < still.due_at
    session.rollback()
    assert run(session, YES, woken.id) is State.delivered


def test_a_lane_is_free_again_when_its_delivery_has_ended(session: Session) -> None:
    for delivery_id in send_many(session, 6):
        assert run(session, YES, delivery_id) is State.delivered


def test_twenty_workers_never_have_more_than_four_under_way(app: Flask, session: Session) -> None:
    ids = send_many(session, 12)
    session.rollback()
    carrier = CrowdedCarrier()
    barrier = threading.Barrier(20)

    def work(_: int) -> None:
        with app.app_context():
            running = open_dispatcher()
            carriers = dict.fromkeys(EndpointKind, carrier)
            dispatcher = Dispatcher(running.sessions, running.vault, running.line, 30, carriers)
            barrier.wait()
            for delivery_id in ids:
                dispatcher.deliver(delivery_id)

    while session.scalars(select(func.count()).where(Delivery.state == State.pending)).one():
        make_due(session)
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(work, range(20)))
    assert sorted(carrier.keys) == sorted(session.scalars(select(Delivery.key)))
    assert 2 <= carrier.most <= 4
    assert find_breaches(session) == []


def test_a_small_worker_lets_no_school_have_more_than_half_of_it(session: Session) -> None:
    ids = send_many(session, 2)
    occupy(session, ids[:1])
    assert replace(dispatcher_with(YES), most_in_flight=choose_most(2)).deliver(ids[1]) is None


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (2, 1), (4, 2), (7, 3), (8, 4), (16, 4)])
def test_half_of_the_threads_and_four_at_most(threads: int, most: int) -> None:
    assert choose_most(threads) == most


def test_those_that_look_together_choose_different_lanes() -> None:
    assert {choose_lane(0b10, 4, delivery_id) for delivery_id in range(3)} == {2, 3, 4}
    assert choose_lane(0b11110, 4, 1) is None
