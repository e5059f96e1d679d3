"""What a worker that died left of a daily file: the rows go once all the same, or wait for a person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.batch.settle import note_end
from leadgen.delivery.batch.start import start_batch
from leadgen.delivery.carriers.contract import Answer
from leadgen.invariants import find_breaches
from leadgen.models import Batch, State
from leadgen.vault import open_vault
from tests.stages.daily_files import (
    Relay,
    claim,
    dispatcher_to,
    lapse,
    make_batch_school,
    read_rows,
    relay,
    send_leads,
    states,
)

__all__ = ["relay"]  # a fixture, used by name


def test_a_worker_that_dies_between_claim_and_send_leaves_rows_for_the_next_file(
    session: Session, relay: Relay
) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    claim(session, first)
    assert dispatcher_to(relay, session).deliver(first) is None, "somebody has it"
    lapse(session)
    carrier = dispatcher_to(relay, session)
    assert len(carrier.look()) == 1
    assert states(session) == [State.pending, State.pending]
    assert carrier.deliver(first) is State.delivered
    assert len(read_rows(relay.files[0])) == 2
    assert find_breaches(session) == []


def test_a_worker_that_dies_after_the_answer_was_kept_leaves_the_rows_to_whoever_comes_next(
    session: Session, relay: Relay
) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    claimed = claim(session, first)
    start_batch(session, open_vault(), claimed)
    session.commit()
    note_end(session, claimed.batch_id, Answer("250"), 5)
    session.commit()
    lapse(session)
    assert states(session) == [State.uncertain, State.uncertain]
    assert dispatcher_to(relay, session).look() == [claimed.batch_id]
    assert states(session) == [State.delivered, State.delivered]
    assert dispatcher_to(relay, session).look() == []
    assert find_breaches(session) == []


def test_a_letter_of_which_nobody_knows_leaves_each_row_to_a_person(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    claimed = claim(session, first)
    start_batch(session, open_vault(), claimed)
    session.commit()
    lapse(session)
    assert dispatcher_to(relay, session).look() == [claimed.batch_id]
    assert states(session) == [State.uncertain, State.uncertain]
    assert relay.files == []
    assert session.scalars(select(Batch.state)).one() is State.uncertain
    assert dispatcher_to(relay, session).look() == []
