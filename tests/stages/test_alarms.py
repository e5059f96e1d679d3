"""Alarms: staff hear once of each line that waits too long, and again only when it left and came back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user
from leadgen.clock import now
from leadgen.delivery.carriers.contract import Misconfigured
from leadgen.delivery.endpoints import resume_endpoint
from leadgen.delivery.resolve import redeliver
from leadgen.extensions import db
from leadgen.journey.alarm import tell_late
from leadgen.letters.compose import find_recipient
from leadgen.letters.kinds import ALARM
from leadgen.letters.write import write_user_letter
from leadgen.models import Alarm, Delivery, Endpoint, EndpointState, Lead, Letter, State, User
from leadgen.review.alarms import find_late, raise_alarms
from leadgen.tasks.sweeper import Sweeper
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, make_due, run
from tests.web.workplace import PASSWORD, add_reviewer, settle

LIMITS = [(State.uncertain, 15), (State.failed, 60)]


@pytest.fixture
def delivery(session: Session) -> Delivery:
    """A delivery, with a reviewer and a reader at the desk and somebody at the school."""
    add_school(session, "larkspur")
    add_reviewer(session)
    add_user(session, "ron@firststep.example", PASSWORD, RoleName.reader, None, "test")
    add_user(session, "lou@larkspur.example", PASSWORD, RoleName.owner, "larkspur", "test")
    send_inquiry(session, ["larkspur"])
    session.execute(update(Letter).values(state=State.delivered))
    return session.scalars(select(Delivery)).one()


def wait(session: Session, delivery: Delivery, state: State, minutes: int) -> None:
    """As if it had been in this state for so long."""
    since = now(session) - timedelta(minutes=minutes)
    delivery.state, delivery.due_at, delivery.ended_at = state, since, since
    session.commit()


def alarms(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.kind.startswith(ALARM)).order_by(Letter.id)))


@pytest.mark.parametrize(("state", "minutes"), LIMITS)
def test_staff_who_can_act_are_told_once(session: Session, delivery: Delivery, state: State, minutes: int) -> None:
    wait(session, delivery, state, minutes - 1)
    assert tell_late(session) == 0
    wait(session, delivery, state, minutes + 1)
    assert tell_late(session) == 1
    session.commit()
    assert tell_late(session) == 0
    (letter,) = alarms(session)
    assert find_recipient(session, open_vault(), letter) == "rita@firststep.example"


def test_a_line_that_left_and_came_back_is_told_of_again(session: Session, delivery: Delivery) -> None:
    settle(session, session.scalars(select(Lead)).one(), State.failed, "422")
    wait(session, delivery, State.failed, 61)
    assert tell_late(session) == 1
    session.execute(update(Alarm).values(raised_at=now(session) - timedelta(hours=5)))
    redeliver(session, delivery, "user:1", "school_mended")
    assert tell_late(session) == 0
    wait(session, delivery, State.failed, 61)
    assert tell_late(session) == 1
    assert len(alarms(session)) == 2
    assert len(session.scalars(select(Alarm)).all()) == 1


def test_two_at_once_tell_of_each_line_once(session: Session, delivery: Delivery) -> None:
    wait(session, delivery, State.failed, 61)
    at = now(session)
    late = find_late(session, at)
    assert raise_alarms(session, late, at) == late
    # the other one looked before the first had noted anything
    assert raise_alarms(session, late, at + timedelta(seconds=1)) == []


def test_one_letter_tells_one_person_of_all_lines(session: Session, delivery: Delivery) -> None:
    wait(session, delivery, State.failed, 61)
    session.execute(update(Letter).values(state=State.failed, ended_at=now(session) - timedelta(hours=2)))
    session.commit()
    assert tell_late(session) == 2
    assert len(alarms(session)) == 1
    assert len(session.scalars(select(Alarm)).all()) == 2


def break_it(session: Session, delivery: Delivery) -> Endpoint:
    """The school answers 401: its endpoint breaks, and the delivery waits for it."""
    make_due(session)
    run(session, ScriptedCarrier([Misconfigured("401", status="401")]), delivery.id)
    session.expire_all()
    return session.get_one(Endpoint, delivery.endpoint_id)


def test_a_broken_endpoint_is_told_of_at_once_and_once(session: Session, delivery: Delivery) -> None:
    endpoint = break_it(session, delivery)
    assert endpoint.state is EndpointState.broken
    assert tell_late(session) == 1
    session.commit()
    assert session.scalars(select(Alarm.subject)).all() == [f"endpoint:{endpoint.id}"]
    assert len(alarms(session)) == 1
    session.execute(update(Delivery).values(created_at=now(session) + timedelta(minutes=1)))
    assert tell_late(session) == 0, "what waits there changes; the endpoint is the same"


def test_an_endpoint_that_breaks_again_with_the_same_lead_is_told_of_again(
    session: Session, delivery: Delivery
) -> None:
    endpoint = break_it(session, delivery)
    assert tell_late(session) == 1
    resume_endpoint(session, endpoint, "user:1")
    session.commit()
    assert tell_late(session) == 0
    break_it(session, delivery)
    assert tell_late(session) == 1
    assert len(alarms(session)) == 2


@pytest.mark.parametrize("state", [EndpointState.paused, EndpointState.testing])
def test_what_waits_for_an_endpoint_that_is_not_broken_raises_nothing(
    session: Session, delivery: Delivery, state: EndpointState
) -> None:
    session.execute(update(Endpoint).values(state=state))
    wait(session, delivery, State.held, 600)
    assert tell_late(session) == 0


def test_what_is_set_aside_raises_nothing(session: Session, delivery: Delivery) -> None:
    wait(session, delivery, State.failed, 61)
    delivery.set_aside = "never_will"
    session.commit()
    assert tell_late(session) == 0


def test_a_letter_about_alarms_that_fails_raises_no_other(session: Session, delivery: Delivery) -> None:
    at: datetime = now(session) - timedelta(hours=3)
    rita = session.scalars(select(User.id).where(User.email == "rita@firststep.example")).one()
    letter = session.get_one(Letter, write_user_letter(session, f"{ALARM}:{at.isoformat()}", rita, at))
    letter.state, letter.ended_at = State.failed, at
    session.commit()
    assert tell_late(session) == 0


def test_with_nobody_to_tell_the_alarm_waits(session: Session, delivery: Delivery) -> None:
    wait(session, delivery, State.failed, 61)
    session.execute(update(User).values(active=False))
    assert tell_late(session) == 0
    session.execute(update(User).values(active=True))
    assert tell_late(session) == 1


def test_two_sweepers_raise_an_alarm_once(app: Flask, session: Session, delivery: Delivery) -> None:
    wait(session, delivery, State.failed, 61)
    session.close()
    sweepers = [Sweeper(app), Sweeper(app)]
    for sweeper in sweepers * 2:
        sweeper.look()
    for sweeper in sweepers:
        sweeper.close()
    with app.app_context():
        assert len(alarms(db.session)) == 1
        db.session.rollback()
