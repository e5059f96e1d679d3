"""A daily file that came back: each of its rows is bounced, once, like a letter that goes alone."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery.batch.claim import name_key
from leadgen.delivery.batch.settle import note_end
from leadgen.delivery.bounces.record import record_bounce
from leadgen.delivery.bounces.turn import Outcome
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Unknown
from leadgen.delivery.return_path import sign_key
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.models import Attempt, Batch, BatchRow, CapUse, Delivery, Receipt, Result, State, Subject
from leadgen.review.worklist import Bin, list_bin
from tests.dsn import Dsn, write_postfix
from tests.stages.daily_files import Relay, dispatcher_to, let_the_day_pass, make_batch_school, send_leads

SECRET = "a secret of this test"


def bounce(session: Session, batch_id: int, own_id: str = "one", action: str = "failed") -> Outcome:
    """The relay's report of that file."""
    status = "5.1.1" if action == "failed" else "4.4.1"
    signed = f"{sign_key(name_key(batch_id), SECRET)}@firststep.example"
    outcome = record_bounce(session, SECRET, write_postfix(Dsn(signed, own_id=own_id, action=action, status=status)))
    session.commit()
    session.expire_all()
    return outcome


def send_file(session: Session, relay: Relay, count: int = 2, **school: object) -> Batch:
    make_batch_school(session, **school)
    first, *_ = send_leads(session, count)
    dispatcher_to(relay, session).deliver(first)
    session.expire_all()
    return session.scalars(select(Batch)).one()


def read_states(session: Session) -> list[tuple[State, str | None]]:
    session.rollback()
    return [(each.state, each.reason) for each in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_each_row_of_a_file_that_came_back_is_bounced_once(session: Session) -> None:
    batch = send_file(session, Relay(), daily_cap=5)
    assert bounce(session, batch.id) is Outcome.failed
    assert read_states(session) == [(State.failed, "bounced: 5.1.1")] * 2
    assert (batch.state, batch.result, batch.reason) == (State.failed, Result.bounced, "bounced: 5.1.1")
    assert [each.result for each in session.scalars(select(Attempt))] == [Result.bounced] * 2
    assert session.scalars(select(CapUse.used)).one() == 0, "their places are given back"
    assert len(list_bin(session, Bin.failed, limit=9)) == 2
    assert bounce(session, batch.id) is Outcome.known, "the same report twice"
    assert [each.source for each in session.scalars(select(Receipt))] == ["mail 5.1.1"] * 2
    for inquiry in (1, 2):
        kinds = [event.kind for event in read_history(session, Subject.inquiry, inquiry)]
        assert kinds.count("delivery.bounced") == 1
    assert find_breaches(session) == []


def test_the_price_of_its_leads_is_given_back_too(session: Session) -> None:
    batch = send_file(session, Relay(), part_caps=("school: $100 a month",), price_per_lead_usd=40)
    assert session.scalars(select(CapUse.used)).one() == 8000
    bounce(session, batch.id)
    assert session.scalars(select(CapUse.used)).one() == 0
    assert find_breaches(session) == []


def test_a_file_of_which_nobody_knew_is_known_once_it_came_back(session: Session) -> None:
    batch = send_file(session, Relay(Unknown("silence")))
    assert batch.state is State.uncertain
    assert bounce(session, batch.id) is Outcome.failed
    assert read_states(session) == [(State.failed, "bounced: 5.1.1")] * 2
    assert find_breaches(session) == []


def test_a_delay_of_a_file_is_only_written_down_and_its_failure_then_counts(session: Session) -> None:
    batch = send_file(session, Relay())
    assert bounce(session, batch.id, "delay", "delayed") is Outcome.recorded
    assert [state for state, _ in read_states(session)] == [State.delivered] * 2
    assert batch.state is State.delivered
    assert bounce(session, batch.id, "end") is Outcome.failed
    assert len(session.scalars(select(Receipt)).all()) == 4


def test_a_row_that_went_again_since_is_not_undone_by_the_first_file(session: Session) -> None:
    relay = Relay(DefiniteNo("busy"))
    first = send_file(session, relay)
    assert [state for state, _ in read_states(session)] == [State.pending] * 2
    let_the_day_pass(session)
    again = Relay()
    dispatcher_to(again, session).deliver(session.scalars(select(Delivery.id).limit(1)).one())
    assert [state for state, _ in read_states(session)] == [State.delivered] * 2
    assert bounce(session, first.id) is Outcome.recorded
    assert [state for state, _ in read_states(session)] == [State.delivered] * 2
    assert find_breaches(session) == []


def test_whoever_died_among_the_rows_goes_on_with_the_rest(session: Session) -> None:
    batch = send_file(session, Relay(), 3)
    rows = session.scalars(select(BatchRow).order_by(BatchRow.delivery_id)).all()
    attempts = {row.delivery_id: row.attempt_id for row in rows}
    session.execute(update(BatchRow).where(BatchRow.delivery_id != rows[0].delivery_id).values(attempt_id=None))
    session.commit()
    bounce(session, batch.id)
    for delivery_id, attempt_id in attempts.items():
        mine = BatchRow.delivery_id == delivery_id
        session.execute(update(BatchRow).where(mine).values(attempt_id=attempt_id))
    session.commit()
    assert bounce(session, batch.id) is Outcome.failed
    assert read_states(session) == [(State.failed, "bounced: 5.1.1")] * 3
    assert len(session.scalars(select(Receipt)).all()) == 3


def test_the_relays_answer_after_the_report_does_not_say_that_the_file_arrived(session: Session) -> None:
    batch = send_file(session, Relay(Unknown("silence")))
    bounce(session, batch.id)
    note_end(session, batch.id, Answer("250"), 1)
    assert (batch.state, batch.result) == (State.failed, Result.bounced)


@pytest.mark.parametrize("key", ["batch_999", "batch_x"])
def test_a_file_that_we_do_not_have_is_none_of_ours(session: Session, key: str) -> None:
    make_batch_school(session)
    signed = f"{sign_key(key, SECRET)}@firststep.example"
    assert record_bounce(session, SECRET, write_postfix(Dsn(signed, action="failed", status="5.1.1"))) is (
        Outcome.not_ours
    )


def test_a_stranger_cannot_make_a_file_come_back(session: Session) -> None:
    batch = send_file(session, Relay())
    signed = f"{sign_key(name_key(batch.id), 'a guess')}@firststep.example"
    report = write_postfix(Dsn(signed, action="failed", status="5.1.1"))
    assert record_bounce(session, SECRET, report) is Outcome.not_ours
    assert [state for state, _ in read_states(session)] == [State.delivered] * 2
