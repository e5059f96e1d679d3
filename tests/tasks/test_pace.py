"""Leads that were held leave two a second for each school, oldest first."""

import itertools

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer
from leadgen.delivery.due import find_due
from leadgen.delivery.pace import TURN
from leadgen.history import read_history
from leadgen.models import Delivery, Inquiry, School, SchoolStatus, State, Subject
from tests.tasks.scripted_carrier import ScriptedCarrier, dispatcher_with, make_due, run
from tests.tasks.test_circuit import send_many

YES = ScriptedCarrier([Answer("200")])


def hold_all(session: Session, ids: list[int]) -> None:
    """The school pauses, each delivery is looked at and held, and the school resumes."""
    session.execute(update(School).values(status=SchoolStatus.paused))
    session.commit()
    for delivery_id in ids:
        assert run(session, YES, delivery_id) is None
    session.execute(update(School).values(status=SchoolStatus.taking))
    session.commit()
    make_due(session)


def test_the_first_goes_at_once_and_the_others_half_a_second_apart(session: Session) -> None:
    ids = send_many(session, 4)
    hold_all(session, ids)
    started = now(session)
    session.rollback()
    assert find_due(session, Delivery) == ids, "oldest first"
    states = [run(session, YES, delivery_id) for delivery_id in ids]
    assert states == [State.delivered, None, None, None]
    session.expire_all()
    waiting = session.scalars(select(Delivery).where(Delivery.reason == TURN).order_by(Delivery.id)).all()
    waits = [(delivery.due_at - started).total_seconds() for delivery in waiting]
    assert [round(later - earlier, 1) for earlier, later in itertools.pairwise(waits)] == [0.5, 0.5]
    assert 0.5 <= waits[0] < 2


def test_whoever_waited_for_its_turn_goes_when_it_has_come(session: Session) -> None:
    ids = send_many(session, 3)
    hold_all(session, ids)
    for delivery_id in ids:
        run(session, YES, delivery_id)
    make_due(session)
    assert [run(session, YES, delivery_id) for delivery_id in ids[1:]] == [State.delivered] * 2


def test_a_turn_is_no_line_of_the_history(session: Session) -> None:
    ids = send_many(session, 2)
    hold_all(session, ids)
    for delivery_id in ids:
        run(session, YES, delivery_id)
    second = session.scalars(select(Inquiry.id).order_by(Inquiry.id)).all()[1]
    told = [line.data.get("reason") for line in read_history(session, Subject.inquiry, str(second))]
    assert TURN not in told
    assert "school_paused" in told


def test_leads_that_were_never_held_wait_for_no_turn(session: Session) -> None:
    ids = send_many(session, 5)
    assert [dispatcher_with(YES).deliver(delivery_id) for delivery_id in ids] == [State.delivered] * 5
