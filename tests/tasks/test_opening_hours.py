"""A lead that comes while its school is closed waits until it opens; news of a lead does not."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import About, Delivery, Inquiry, School, State
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, make_due, only_delivery, run

__all__ = ["inquiry"]  # a fixture, used by name

YES = ScriptedCarrier([Answer("200")])


def close_today(session: Session) -> None:
    """The school has a day off, by its own calendar."""
    school = session.scalars(select(School)).one()
    today = now(session).astimezone(ZoneInfo(school.timezone)).date()
    days_off = tuple(f"not {today + timedelta(days=each)}" for each in range(2))
    session.execute(update(School).values(opening_hours=days_off))
    session.commit()


def test_it_is_held_without_costing_a_try_and_looked_at_within_the_hour(session: Session, inquiry: Inquiry) -> None:
    close_today(session)
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason, delivery.tries) == (State.held, "not_open", 0)
    wait = delivery.due_at - now(session)
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)


def test_it_leaves_when_the_school_is_open(session: Session, inquiry: Inquiry) -> None:
    close_today(session)
    carry(session, Answer("200"))
    session.execute(update(School).values(opening_hours=None))
    make_due(session)
    run(session, YES)
    assert only_delivery(session).state is State.delivered


def test_a_withdrawal_is_told_at_any_hour(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    close_today(session)
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    notice = session.scalars(select(Delivery.id).where(Delivery.about == About.withdrawal)).one()
    session.rollback()
    assert run(session, YES, notice) is State.delivered
