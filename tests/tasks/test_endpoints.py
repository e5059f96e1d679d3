"""Endpoints that are broken, moved, paused, failing or retired: what becomes of their leads."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery import endpoints, resolve
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Misconfigured, OurFault, PermanentNo
from leadgen.delivery.due import find_due
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Delivery, Endpoint, EndpointKind, EndpointState, Inquiry, Lead, Route, State
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.tasks.scripted_carrier import (
    ScriptedCarrier,
    carry,
    dispatcher_with,
    find_notice,
    inquiry,
    make_due,
    only_delivery,
    run,
)

__all__ = ["inquiry"]  # a fixture, used by name


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


def test_what_staff_send_again_to_the_first_goes_to_the_second_no_second_time(session: Session) -> None:
    school = add_school(session, "larkspur", route=Route.first)
    session.add(Endpoint(school_id=school.id, kind=EndpointKind.email, address="a@larkspur.example", position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    no = ScriptedCarrier([PermanentNo("422", status="422")])
    for number in (1, 2):
        assert run(session, no, number) is State.failed
    first, second = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert (first.state, second.state) == (State.failed, State.failed)
    first_id = first.id
    resolve.redeliver(session, first, "user:1", "school_asked")
    session.commit()
    assert run(session, no, first_id) is State.failed, "the answer is written down"
    session.expire_all()
    assert len(session.scalars(select(Delivery)).all()) == 2
    assert find_breaches(session) == []


def test_a_school_that_changes_its_mind_does_so_for_leads_from_then_on(session: Session) -> None:
    school = add_school(session, "larkspur", route=Route.first)
    session.add(Endpoint(school_id=school.id, kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    school.route = Route.all
    session.commit()
    send_inquiry(session, ["larkspur"], Prospect(email="grace@mail.example", phone="+13125550143"))
    routes = session.execute(select(Lead.route, func.count(Delivery.id)).join(Delivery).group_by(Lead.id)).all()
    assert [tuple(row) for row in routes] == [(Route.first, 1), (Route.all, 2)]
    assert find_breaches(session) == []
    school.route = Route.first
    session.commit()
    assert find_breaches(session) == []


def retire(session: Session, **instead: object) -> Endpoint:
    """The school changes how it receives, as an import does."""
    session.execute(update(Endpoint).values(retired_at=now(session)))
    other = Endpoint(school_id="larkspur", **instead)
    session.add(other)
    session.commit()
    return other


def test_a_lead_that_waits_for_a_retired_endpoint_goes_to_the_one_used_now(session: Session, inquiry: Inquiry) -> None:
    carry(session, Misconfigured("404", status="404"))
    mail = retire(session, kind=EndpointKind.email, address="admissions@larkspur.example")
    carrier = ScriptedCarrier([Answer("250")])
    for _ in range(2):
        make_due(session)
        for delivery_id in find_due(session, Delivery):
            session.rollback()
            dispatcher_with(carrier).deliver(delivery_id)
    session.rollback()
    deliveries = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [(each.state, each.reason) for each in deliveries] == [
        (State.cancelled, "endpoint_retired"),
        (State.delivered, None),
    ]
    assert deliveries[1].endpoint_id == mail.id
    assert len(carrier.carried) == 1
    assert find_breaches(session) == []


def test_a_lead_without_any_endpoint_left_fails_until_there_is_one(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Endpoint).values(retired_at=now(session)))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.failed, "endpoint_retired")
    retire(session, kind=EndpointKind.portal)
    resolve.redeliver(session, delivery, "user:1", "endpoint_mended")
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == [State.cancelled, State.pending]


def test_a_notice_follows_the_school_to_the_endpoint_it_uses_now(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    portal = retire(session, kind=EndpointKind.portal)
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    notice = find_notice(session)
    assert notice is not None
    assert notice.endpoint_id == portal.id
