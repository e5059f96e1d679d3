"""Leads that were held leave two a second for each school, oldest first."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer
from leadgen.delivery.claim import claim_delivery
from leadgen.delivery.due import find_due
from leadgen.delivery.lanes import IN_FLIGHT
from leadgen.delivery.pace import TURN
from leadgen.history import read_history
from leadgen.journey.standing import pause_school, resume_school
from leadgen.models import Delivery, Inquiry, Pace, School, SchoolStatus, State, Subject
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


def take_all_turns(session: Session) -> datetime:
    """The turns of the next minute are gone, which is longer than any machine needs for a test; gives its end."""
    free_at = now(session) + timedelta(minutes=1)
    session.execute(update(Pace).values(next_at=free_at))
    session.commit()
    return free_at


def test_the_first_goes_at_once_and_the_others_half_a_second_apart(session: Session) -> None:
    ids = send_many(session, 4)
    hold_all(session, ids)
    assert find_due(session, Delivery) == ids, "oldest first"
    session.rollback()
    assert run(session, YES, ids[0]) is State.delivered
    free_at = take_all_turns(session)
    assert [run(session, YES, delivery_id) for delivery_id in ids[1:]] == [None, None, None]
    session.expire_all()
    waiting = session.scalars(select(Delivery).where(Delivery.reason == TURN).order_by(Delivery.id)).all()
    waits = [(delivery.due_at - free_at).total_seconds() for delivery in waiting]
    assert waits == [0, 0.5, 1]


def test_whoever_waited_for_its_turn_goes_when_it_has_come(session: Session) -> None:
    ids = send_many(session, 3)
    hold_all(session, ids)
    run(session, YES, ids[0])
    take_all_turns(session)
    for delivery_id in ids[1:]:
        run(session, YES, delivery_id)
    make_due(session)
    assert [run(session, YES, delivery_id) for delivery_id in ids[1:]] == [State.delivered] * 2


def test_who_was_held_waits_for_its_turn_though_every_lane_is_taken(session: Session) -> None:
    ids = send_many(session, 8)
    hold_all(session, ids[4:])
    for delivery_id in ids[:4]:
        session.execute(update(Delivery).where(Delivery.id == delivery_id).values(state=State.pending, reason=None))
        session.commit()
        assert claim_delivery(session, delivery_id)
        session.commit()
    assert run(session, YES, ids[4]) is None
    take_all_turns(session)
    for delivery_id in ids[5:]:
        assert run(session, YES, delivery_id) is None
    session.expire_all()
    reasons = [session.get_one(Delivery, delivery_id).reason for delivery_id in ids[4:]]
    assert reasons == [IN_FLIGHT, TURN, TURN, TURN], "the first has had its turn, and waits for a lane"


def test_a_school_that_resumes_again_hurries_nobody_who_has_a_turn(session: Session) -> None:
    ids = send_many(session, 3)
    hold_all(session, ids)
    run(session, YES, ids[0])
    take_all_turns(session)
    for delivery_id in ids[1:]:
        run(session, YES, delivery_id)
    pause_school(session, "larkspur", "user:1", "our_decision")
    resume_school(session, "larkspur", "user:1", "our_decision")
    session.commit()
    assert [run(session, YES, delivery_id) for delivery_id in ids[1:]] == [None, None]


def test_a_turn_is_no_line_of_the_history(session: Session) -> None:
    ids = send_many(session, 2)
    hold_all(session, ids)
    run(session, YES, ids[0])
    take_all_turns(session)
    run(session, YES, ids[1])
    second = session.scalars(select(Inquiry.id).order_by(Inquiry.id)).all()[1]
    told = [line.data.get("reason") for line in read_history(session, Subject.inquiry, str(second))]
    assert TURN not in told
    assert "school_paused" in told


def test_leads_that_were_never_held_wait_for_no_turn(session: Session) -> None:
    ids = send_many(session, 5)
    assert [dispatcher_with(YES).deliver(delivery_id) for delivery_id in ids] == [State.delivered] * 5
