"""What is due is passed on: to the broker, and where that is gone or nobody carries, to hands of the sweeper."""

import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from flask import Flask

from leadgen.outbox import Carried, Nudge
from leadgen.tasks import nudger as module
from leadgen.tasks.nudger import Nudger
from tests.fleet import wait_until

DUE = [(Carried.delivery, number) for number in range(1, 6)]


class FakeBroker:
    """Notes what it is told. Until ``open`` is set it does not answer; after ``breaks_at`` it refuses."""

    def __init__(self) -> None:
        self.told: list[Nudge] = []
        self.open = threading.Event()
        self.open.set()
        self.breaks_at = 1_000

    def publish(self, _celery: object, nudge: Nudge) -> None:
        self.open.wait(10)
        if len(self.told) >= self.breaks_at:
            raise ConnectionError("the broker is gone")
        self.told.append(nudge)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> FakeBroker:
    fake = FakeBroker()
    monkeypatch.setattr(module, "publish", fake.publish)
    return fake


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[Nudge]:
    queue: SimpleQueue[Nudge] = SimpleQueue()
    monkeypatch.setattr(module, "carry_row", lambda *nudge: queue.put(nudge))
    return queue


@pytest.fixture
def nudger(broker: FakeBroker, carried: SimpleQueue[Nudge]) -> Iterator[Nudger]:
    made = Nudger(Flask("nudger"), again_seconds=60)
    yield made
    broker.open.set()
    made.close()


def test_a_broker_that_takes_its_time_keeps_no_look_waiting(nudger: Nudger, broker: FakeBroker) -> None:
    broker.open.clear()
    started = time.monotonic()
    nudger.pass_on(DUE, is_stuck=False)
    nudger.pass_on(DUE, is_stuck=False)
    assert time.monotonic() - started < 10
    broker.open.set()
    nudger.finish_round()
    assert broker.told == DUE, "the second look began nothing while the first was under way"


def test_what_was_nudged_is_left_alone_for_a_while(nudger: Nudger, broker: FakeBroker) -> None:
    for due in (DUE[:3], DUE):
        nudger.pass_on(due, is_stuck=False)
        nudger.finish_round()
    assert broker.told == DUE


def test_after_a_while_it_is_nudged_anew(broker: FakeBroker) -> None:
    forgetful = Nudger(Flask("nudger"), again_seconds=0)
    for _ in range(2):
        forgetful.pass_on(DUE, is_stuck=False)
        forgetful.finish_round()
    forgetful.close()
    assert broker.told == DUE * 2


def test_what_a_broken_broker_did_not_take_is_carried_here(
    nudger: Nudger, broker: FakeBroker, carried: SimpleQueue[Nudge]
) -> None:
    broker.breaks_at = 2
    nudger.pass_on(DUE, is_stuck=False)
    assert sorted(carried.get(timeout=5)[1] for _ in range(3)) == [3, 4, 5]
    broker.breaks_at = 1_000
    nudger.finish_round()
    nudger.pass_on([(Carried.letter, 9)], is_stuck=False)
    assert carried.get(timeout=5) == (Carried.letter, 9), "nor is it asked again at once"
    assert broker.told == DUE[:2]


def test_where_no_worker_carries_the_sweeper_does(
    nudger: Nudger, broker: FakeBroker, carried: SimpleQueue[Nudge]
) -> None:
    nudger.pass_on(DUE, is_stuck=True)
    assert sorted(carried.get(timeout=5) for _ in DUE) == DUE
    assert not broker.told


def test_a_broker_that_is_back_is_told_again(
    monkeypatch: pytest.MonkeyPatch, nudger: Nudger, broker: FakeBroker, carried: SimpleQueue[Nudge]
) -> None:
    monkeypatch.setattr(module, "BROKER_REST_SECONDS", 0)
    broker.breaks_at = 0
    nudger.pass_on(DUE[:1], is_stuck=False)
    nudger.finish_round()
    broker.breaks_at = 1_000
    nudger.pass_on(DUE, is_stuck=False)
    nudger.finish_round()
    assert broker.told == DUE, "what it did not take was not nudged, so it is told of that too"


def test_what_is_being_carried_here_is_not_begun_again(
    monkeypatch: pytest.MonkeyPatch, nudger: Nudger, carried: SimpleQueue[Nudge]
) -> None:
    slow = hold_hands(monkeypatch, carried)
    for _ in range(3):
        nudger.pass_on(DUE[:2], is_stuck=True)
    slow.set()
    nudger.close()
    assert sorted(drain(carried)) == DUE[:2]


def test_the_hands_take_no_more_than_they_can_hold(
    monkeypatch: pytest.MonkeyPatch, nudger: Nudger, carried: SimpleQueue[Nudge]
) -> None:
    slow = hold_hands(monkeypatch, carried)
    nudger.pass_on([(Carried.delivery, number) for number in range(1_000)], is_stuck=True)
    slow.set()
    nudger.close()
    assert len(drain(carried)) == module.OWN_HANDS * 4, "the rest is found at the next look"


def test_a_row_that_cannot_be_carried_keeps_no_hand_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, nudger: Nudger, carried: SimpleQueue[Nudge]
) -> None:
    def fail(*nudge: Nudge) -> None:
        carried.put(nudge)
        raise OSError("the database is away")

    monkeypatch.setattr(module, "carry_row", fail)
    for _ in range(module.OWN_HANDS * 5):
        nudger.pass_on(DUE[:1], is_stuck=True)
        assert carried.get(timeout=5) == DUE[0]
        assert wait_until(lambda: not nudger._carrying)


def test_what_it_remembers_stays_small(monkeypatch: pytest.MonkeyPatch, broker: FakeBroker) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    forgetful = Nudger(Flask("nudger"), again_seconds=0)
    for number in range(50):
        forgetful.pass_on([(Carried.delivery, number)], is_stuck=False)
        forgetful.finish_round()
    forgetful.close()
    assert len(broker.told) == 50
    assert len(forgetful._nudged) <= 3


@pytest.mark.parametrize(("telling", "carrying"), [(0.3, 0.0), (0.0, 0.3)])
def test_closing_finishes_what_was_begun(
    monkeypatch: pytest.MonkeyPatch, broker: FakeBroker, carried: SimpleQueue[Nudge], telling: float, carrying: float
) -> None:
    ending = Nudger(Flask("nudger"), again_seconds=60)
    broker.open.clear()
    slow = hold_hands(monkeypatch, carried)
    ending.pass_on(DUE[:3], is_stuck=False)
    ending.pass_on(DUE[3:], is_stuck=True)
    threading.Timer(telling, broker.open.set).start()
    threading.Timer(carrying, slow.set).start()
    ending.close()
    assert broker.told == DUE[:3]
    assert sorted(drain(carried)) == DUE[3:]


def hold_hands(monkeypatch: pytest.MonkeyPatch, carried: SimpleQueue[Nudge]) -> threading.Event:
    """What is carried takes until this is set."""
    over = threading.Event()

    def carry(*nudge: Nudge) -> None:
        over.wait(10)
        carried.put(nudge)

    monkeypatch.setattr(module, "carry_row", carry)
    return over


def drain(carried: SimpleQueue[Nudge]) -> list[Nudge]:
    return [carried.get() for _ in range(carried.qsize())]
