"""A bounce fails what was taken for delivered, once; in every rude order it is only written down."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.bounces.record import record_bounce
from leadgen.delivery.bounces.turn import Outcome
from leadgen.delivery.return_path import sign_key
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.models import (
    Attempt,
    BounceTally,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    EndpointTest,
    Event,
    Lead,
    Letter,
    Receipt,
    Result,
    Route,
    State,
    Subject,
    Takes,
)
from leadgen.review.worklist import Bin, list_bin
from tests.dsn import Dsn, write_postfix, write_qmail
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import settle

SECRET = "a secret of this test"
FAILED, DELAYED = {"action": "failed", "status": "5.1.1"}, {"action": "delayed", "status": "4.4.1"}


@pytest.fixture
def lead(session: Session) -> Lead:
    """A lead to a school that receives by mail."""
    add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
    send_inquiry(session, ["larkspur"])
    return session.scalars(select(Lead)).one()


def bounce(session: Session, key: str, *, own_id: str = "one", early: bool = False, **says: str) -> Outcome:
    """A report about the letter with this key, which was sent just now, or well before its last try."""
    date = format_datetime(now(session) - timedelta(hours=3 if early else 0))
    dsn = Dsn(f"{sign_key(key, SECRET)}@firststep.example", date=date, own_id=own_id, **(says or FAILED))
    outcome = record_bounce(session, SECRET, write_postfix(dsn))
    session.commit()
    return outcome


def read_kinds(session: Session, lead: Lead) -> list[str]:
    return [event.kind for event in read_history(session, Subject.inquiry, lead.inquiry_id)]


def test_a_bounce_after_delivered_fails_the_delivery(session: Session, lead: Lead) -> None:
    delivery = settle(session, lead, State.delivered)
    session.commit()
    assert bounce(session, delivery.key) is Outcome.failed
    session.expire_all()
    assert (delivery.state, delivery.reason) == (State.failed, "bounced: 5.1.1")
    assert [attempt.result for attempt in delivery.attempts] == [Result.bounced]
    receipt = session.scalars(select(Receipt)).one()
    assert (receipt.kind, receipt.source) == ("bounced", "mail 5.1.1")
    assert read_kinds(session, lead)[-1] == "delivery.bounced"
    assert [item.reasons for item in list_bin(session, Bin.failed, limit=9)] == [("bounced: 5.1.1",)]
    assert list(find_breaches(session)) == []


@pytest.mark.parametrize("state", State)
def test_a_bounce_in_any_order_fails_what_may_have_arrived_and_nothing_else(
    session: Session, lead: Lead, state: State
) -> None:
    delivery = settle(session, lead, state)
    session.commit()
    turns = state in (State.sending, State.uncertain, State.delivered)
    assert bounce(session, delivery.key) is (Outcome.failed if turns else Outcome.recorded)
    session.expire_all()
    assert delivery.state is (State.failed if turns else state)
    assert len(session.scalars(select(Receipt)).all()) == 1
    assert bounce(session, delivery.key) is Outcome.known, "the same report twice"
    assert len(session.scalars(select(Receipt)).all()) == 1


def test_a_late_bounce_of_an_earlier_try_is_only_written_down(session: Session, lead: Lead) -> None:
    delivery = settle(session, lead, State.delivered)
    session.commit()
    assert bounce(session, delivery.key, early=True) is Outcome.recorded
    session.expire_all()
    assert delivery.state is State.delivered


def test_a_delay_is_written_down_and_a_failure_after_it_counts(session: Session, lead: Lead) -> None:
    delivery = settle(session, lead, State.delivered)
    session.commit()
    assert bounce(session, delivery.key, own_id="delay", **DELAYED) is Outcome.recorded
    session.expire_all()
    assert delivery.state is State.delivered
    assert bounce(session, delivery.key, own_id="end", action="failed", status="4.4.7") is Outcome.failed
    assert [receipt.kind for receipt in session.scalars(select(Receipt).order_by(Receipt.id))] == ["delayed", "bounced"]


def test_a_letter_that_arrived_after_all_changes_nothing(session: Session, lead: Lead) -> None:
    delivery = settle(session, lead, State.delivered)
    session.commit()
    assert bounce(session, delivery.key, action="relayed", status="2.0.0") is Outcome.passed_on
    assert session.scalars(select(Receipt)).all() == []


def test_a_bounced_lead_goes_to_the_next_endpoint_of_a_school_that_wants_the_first(
    session: Session, lead: Lead
) -> None:
    lead.route = Route.first
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, takes=Takes.everything, position=2))
    delivery = settle(session, lead, State.delivered)
    session.commit()
    bounce(session, delivery.key)
    bounce(session, delivery.key, own_id="two")
    states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == [State.failed, State.pending]


def test_nobody_makes_a_bounce_without_our_secret(session: Session, lead: Lead) -> None:
    delivery = settle(session, lead, State.delivered)
    session.commit()
    for message_id in (delivery.key, f"{delivery.key}.{'0' * 16}", sign_key(delivery.key, "another secret")):
        raw = write_postfix(Dsn(f"{message_id}@firststep.example"))
        assert record_bounce(session, SECRET, raw) is Outcome.not_ours
    session.commit()
    session.expire_all()
    assert delivery.state is State.delivered


def test_a_key_of_no_letter_is_not_ours(session: Session) -> None:
    assert bounce(session, "msg_LD00000000_1_lead_1") is Outcome.not_ours


def test_what_cannot_be_read_is_counted_and_kept_nowhere(session: Session, lead: Lead) -> None:
    settle(session, lead, State.delivered)
    session.commit()
    events = len(session.scalars(select(Event)).all())
    for _ in range(2):
        assert record_bounce(session, SECRET, write_qmail(Dsn())) is Outcome.unreadable
    session.commit()
    assert [(tally.outcome, tally.count) for tally in session.scalars(select(BounceTally))] == [("unreadable", 2)]
    assert len(session.scalars(select(Event)).all()) == events


def test_a_letter_of_ours_that_bounced_stands_on_the_worklist(session: Session, lead: Lead) -> None:
    letter = session.scalars(select(Letter).where(Letter.kind == "confirmation")).one()
    letter.state = State.delivered
    at = now(session)
    values = {"parcel_bytes": 1, "parcel_schema": "letter.confirmation/1", "parcel_hash": "0", "fence": 0}
    session.add(Attempt(letter_id=letter.id, number=1, started_at=at, ended_at=at, result=Result.accepted, **values))
    session.commit()
    assert bounce(session, letter.key, own_id="delay", **DELAYED) is Outcome.recorded
    assert bounce(session, letter.key, early=True) is Outcome.known
    assert bounce(session, letter.key, status="5.2.2") is Outcome.failed
    assert bounce(session, letter.key, status="5.2.2") is Outcome.known
    session.expire_all()
    assert (letter.state, letter.reason) == (State.failed, "bounced: 5.2.2")
    assert letter.attempts[0].result is Result.bounced
    assert read_kinds(session, lead)[-2:] == ["letter.delayed", "letter.bounced"]
    assert [item.subject for item in list_bin(session, Bin.failed, limit=9)] == ["letter"]


def test_a_test_of_an_endpoint_that_came_back_did_not_pass(session: Session, lead: Lead) -> None:
    endpoint = session.scalars(select(Endpoint)).one()
    endpoint.state = EndpointState.testing
    at = now(session)
    test = EndpointTest(endpoint_id=endpoint.id, version=1, key="test_1_0a", asked_by="user:1", asked_at=at)
    test.started_at = test.ended_at = at
    test.result = Result.accepted
    session.add(test)
    session.commit()
    assert bounce(session, "test_1_0a") is Outcome.failed
    session.expire_all()
    assert (test.result, test.reason) == (Result.bounced, "bounced: 5.1.1")
    assert bounce(session, "test_1_0a") is Outcome.not_ours
