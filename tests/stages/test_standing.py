"""Schools, campuses, offerings and endpoints put out of use and back: once each, with a reason, and what follows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.directory.by_hand import NotThereError
from leadgen.directory.reader import read_directory
from leadgen.directory.records import Key, Noun
from leadgen.directory.standing import InUseError
from leadgen.directory.sync import Source, apply_plan, plan_import
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.journey import endpoints, standing
from leadgen.journey.standing import StandsAlreadyError
from leadgen.models import (
    Campus,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    Event,
    Offering,
    School,
    SchoolStatus,
    State,
    Subject,
    Takes,
)
from tests.inquiries import add_school, send_inquiry
from tests.schools_csv import make_csv, make_row

REASON = "school_wishes"
SCHOOL: Key = ("larkspur",)


@pytest.fixture
def school(session: Session) -> School:
    """A school with an endpoint that nobody answers."""
    return add_school(session, "larkspur")


def bring(session: Session, *rows: dict[str, str]) -> None:
    apply_plan(session, plan_import(session, read_directory(make_csv(*rows))), Source("schools.csv", "0" * 64))
    session.commit()


def last(session: Session) -> Event:
    return history.read_history(session, Subject.school, "larkspur")[-1]


def deliver(session: Session) -> tuple[State, str | None]:
    """Carry the first delivery as a worker would; gives its state and reason."""
    number = session.scalars(select(Delivery.id).order_by(Delivery.id).limit(1)).one()
    session.commit()  # nobody else writes meanwhile
    open_dispatcher().deliver(number)
    delivery = session.get_one(Delivery, number, populate_existing=True)
    return delivery.state, delivery.reason


def hold_until_tomorrow(session: Session) -> None:
    later = "2099-01-01 00:00:00.000000"
    session.execute(update(Delivery).values(state=State.held, reason="cap"))
    session.commit()
    delivery = session.scalars(select(Delivery)).one()
    delivery.due_at = delivery.due_at.replace(year=int(later[:4]))
    session.commit()


def test_a_paused_school_keeps_its_leads_waiting_and_resumes(session: Session, school: School) -> None:
    send_inquiry(session, ["larkspur"])
    standing.pause_school(session, "larkspur", "user:1", REASON)
    event = last(session)
    assert (event.kind, event.actor, event.data["reason"]) == ("school.changed", "user:1", REASON)
    assert event.data["fields"] == {"status": ["taking", "paused"]}
    assert deliver(session) == (State.held, "school_paused")
    assert standing.resume_school(session, "larkspur", "user:1", REASON) == 1
    assert deliver(session)[0] is State.pending, "it was tried, and nobody answered"


def test_leads_that_wait_for_a_school_that_closes_are_cancelled_at_once(session: Session, school: School) -> None:
    send_inquiry(session, ["larkspur"])
    hold_until_tomorrow(session)
    assert standing.close_school(session, "larkspur", "user:1", REASON) == 1
    assert deliver(session) == (State.cancelled, "school_closed")
    standing.resume_school(session, "larkspur", "user:1", "stopped_by_mistake")
    assert deliver(session) == (State.cancelled, "school_closed")
    assert session.get_one(School, "larkspur").status is SchoolStatus.taking
    assert list(find_breaches(session)) == []


def test_leads_that_wait_for_a_school_that_retires_are_cancelled(session: Session, school: School) -> None:
    send_inquiry(session, ["larkspur"])
    hold_until_tomorrow(session)
    standing.retire(session, "larkspur", Noun.school, SCHOOL, "user:1", REASON)
    assert deliver(session) == (State.cancelled, "school_closed")
    standing.resume_school(session, "larkspur", "user:1", REASON)
    assert school.takes_inquiries


@pytest.mark.parametrize(
    "act",
    [
        lambda session: standing.pause_school(session, "larkspur", "user:7", REASON),
        lambda session: standing.close_school(session, "larkspur", "user:7", REASON),
        lambda session: standing.retire(session, "larkspur", Noun.school, SCHOOL, "user:7", REASON),
        lambda session: standing.retire(session, "larkspur", Noun.offering, ("larkspur-mbc",), "user:7", REASON),
    ],
)
def test_the_second_is_told_who_was_first(session: Session, school: School, act: Callable[[Session], object]) -> None:
    act(session)
    session.commit()
    number = last(session).number
    with pytest.raises(StandsAlreadyError, match="already") as raised:
        act(session)
    session.rollback()
    assert raised.value.last is not None
    assert (raised.value.last.actor, raised.value.last.number) == ("user:7", number)
    assert last(session).number == number


def test_of_two_who_retire_an_endpoint_at_the_same_moment_one_is_told(app: Flask, session: Session) -> None:
    add_school(session, "larkspur")
    add_portal(session)
    number = find_endpoint(session).id
    session.rollback()
    ready = Barrier(2)

    def retire(actor: str) -> str:
        with app.app_context():
            ready.wait(10)
            try:
                endpoints.retire(db.session, number, actor, REASON)
            except StandsAlreadyError as error:
                words = f"after {error.last.actor}" if error.last else ""
                db.session.rollback()
                return words
            db.session.commit()
            return actor

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(retire, ("user:1", "user:2")))
    assert outcomes[0] == f"after {outcomes[1]}"
    kinds = [event.kind for event in history.read_history(session, Subject.school, "larkspur")]
    assert kinds == ["endpoint.retired"]


def test_an_import_leaves_the_desks_word_on_a_school(session: Session) -> None:
    bring(session, make_row(), make_row(offering_id="other"))
    standing.pause_school(session, "larkspur", "user:1", REASON)
    standing.retire(session, "larkspur", Noun.offering, ("other",), "user:1", REASON)
    session.commit()
    bring(session, make_row(), make_row(offering_id="other"))
    assert session.get_one(School, "larkspur").status is SchoolStatus.paused
    assert session.get_one(Offering, "other").retired


def test_a_campus_is_retired_once_nothing_is_taught_there(session: Session, school: School) -> None:
    campus: Key = ("larkspur", "Main")
    with pytest.raises(InUseError, match="1 offering is taught there"):
        standing.retire(session, "larkspur", Noun.campus, campus, "user:1", REASON)
    session.rollback()
    standing.retire(session, "larkspur", Noun.offering, ("larkspur-mbc",), "user:1", REASON)
    standing.retire(session, "larkspur", Noun.campus, campus, "user:1", REASON)
    session.commit()
    assert session.scalars(select(Campus)).one().retired_at is not None
    with pytest.raises(InUseError, match="Resume the campus first"):
        standing.resume(session, "larkspur", Noun.offering, ("larkspur-mbc",), "user:1", REASON)
    session.rollback()
    standing.resume(session, "larkspur", Noun.campus, campus, "user:1", REASON)
    standing.resume(session, "larkspur", Noun.offering, ("larkspur-mbc",), "user:1", REASON)
    session.commit()
    assert not session.get_one(Offering, "larkspur-mbc").retired


def test_what_is_not_there_is_neither_retired_nor_resumed(session: Session, school: School) -> None:
    for act in (standing.retire, standing.resume):
        with pytest.raises(NotThereError):
            act(session, "larkspur", Noun.offering, ("nothing",), "user:1", REASON)
        with pytest.raises(NotThereError):
            act(session, "nowhere", Noun.school, ("nowhere",), "user:1", REASON)


def find_endpoint(session: Session) -> Endpoint:
    return session.scalars(select(Endpoint).where(Endpoint.kind == EndpointKind.webhook)).one()


def add_portal(session: Session) -> None:
    """A second endpoint: the only one of a school that takes inquiries is not retired."""
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, takes=Takes.everything, position=2))
    session.commit()


def test_an_endpoint_is_paused_resumed_and_retired_once_each(session: Session, school: School) -> None:
    add_portal(session)
    number = find_endpoint(session).id
    for act in (endpoints.pause, endpoints.resume, endpoints.retire):
        act(session, number, "user:7", REASON)
        session.commit()
        with pytest.raises(StandsAlreadyError) as raised:
            act(session, number, "user:8", REASON)
        session.rollback()
        assert raised.value.last is not None
        assert raised.value.last.actor == "user:7"
    kinds = [event.kind for event in history.read_history(session, Subject.school, "larkspur")]
    assert kinds == ["endpoint.paused", "endpoint.resumed", "endpoint.retired"]


def test_what_waits_for_a_retired_endpoint_goes_to_the_next(session: Session, school: School) -> None:
    send_inquiry(session, ["larkspur"])
    hold_until_tomorrow(session)
    add_portal(session)
    assert endpoints.retire(session, find_endpoint(session).id, "user:1", REASON) == 1
    session.commit()
    assert deliver(session) == (State.cancelled, "endpoint_retired")
    session.expire_all()
    states = {each.endpoint.kind: each.state for each in session.scalars(select(Delivery))}
    assert states == {EndpointKind.webhook: State.cancelled, EndpointKind.portal: State.pending}


def test_a_retired_endpoint_comes_back_and_stays_through_an_import(session: Session) -> None:
    bring(session, make_row())
    number = session.scalars(select(Endpoint.id)).one()
    standing.pause_school(session, session.scalars(select(School.id)).one(), "user:1", REASON)
    endpoints.retire(session, number, "user:1", REASON)
    session.commit()
    bring(session, make_row())
    endpoint = session.get_one(Endpoint, number)
    assert endpoint.retired_at is not None
    endpoints.resume(session, number, "user:1", REASON)
    session.commit()
    assert (endpoint.retired_at, endpoint.version, endpoint.state) == (None, 2, EndpointState.live)
