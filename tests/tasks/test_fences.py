"""Each condition of the updates that decide who sends, alone: with it taken away, one of these fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.attributes import set_committed_value

from leadgen.clock import database_now, now
from leadgen.delivery.carriers.contract import Answer, Parcel
from leadgen.delivery.change import change_state
from leadgen.delivery.claim import Claim, claim_delivery, claim_letter, start_sending
from leadgen.delivery.record import Heard, record_outcome
from leadgen.models import Attempt, Consent, Delivery, Letter, State
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry

PARCEL = Parcel(b"{}", "application/json", "lead.created/1")
LEASE = 30


@pytest.fixture
def delivery(session: Session) -> Delivery:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    return session.scalars(select(Delivery)).one()


@contextmanager
def just_before_the_update(session: Session, **values: object) -> Iterator[None]:
    """Somebody else changes the row after it was read, in the last moment."""

    done: list[bool] = []

    def change(state: ORMExecuteState) -> None:
        if state.is_update and not done:
            done.append(True)
            for model in (Delivery, Letter):
                session.connection().execute(update(model.__table__).values(**values))

    event.listen(session, "do_orm_execute", change)
    yield
    event.remove(session, "do_orm_execute", change)
    assert done


def read(session: Session, delivery: Delivery) -> tuple[State, int, int]:
    session.refresh(delivery)
    return delivery.state, delivery.fence, len(session.scalars(select(Attempt)).all())


def claim(session: Session, delivery: Delivery) -> Claim:
    taken = claim_delivery(session, delivery.id, LEASE)
    assert taken is not None
    session.refresh(delivery)
    return taken


@pytest.mark.parametrize("change", ["fence", "state", "due_at"])
def test_a_row_that_changed_after_it_was_read_is_not_claimed(session: Session, delivery: Delivery, change: str) -> None:
    values = {"fence": 7, "state": State.cancelled, "due_at": now(session) + timedelta(hours=1)}
    with just_before_the_update(session, **{change: values[change]}):
        assert claim_delivery(session, delivery.id, LEASE) is None
    state, fence, _ = read(session, delivery)
    assert state is not State.claimed
    assert fence == (7 if change == "fence" else 0)


@pytest.mark.parametrize("change", ["fence", "state", "due_at"])
def test_a_letter_that_changed_after_it_was_read_is_not_claimed(
    session: Session, delivery: Delivery, change: str
) -> None:
    values = {"fence": 7, "state": State.cancelled, "due_at": now(session) + timedelta(hours=1)}
    letter = session.scalars(select(Letter)).one()
    with just_before_the_update(session, **{change: values[change]}):
        assert claim_letter(session, letter.id, LEASE) is None
    session.refresh(letter)
    assert letter.state is not State.claimed


def test_an_old_fence_sends_nothing(session: Session, delivery: Delivery) -> None:
    ours = claim(session, delivery)
    assert start_sending(session, replace(ours, fence=ours.fence - 1), PARCEL, "") is None
    assert read(session, delivery) == (State.claimed, 1, 0)


@pytest.mark.parametrize("state", [State.pending, State.held, State.cancelled, State.sending])
def test_a_row_that_is_no_longer_claimed_sends_nothing(session: Session, delivery: Delivery, state: State) -> None:
    ours = claim(session, delivery)
    session.execute(update(Delivery).values(state=state))
    assert start_sending(session, ours, PARCEL, "") is None
    assert read(session, delivery) == (state, 1, 0)


def test_a_lease_that_is_over_sends_nothing(session: Session, delivery: Delivery) -> None:
    ours = claim(session, delivery)
    session.execute(update(Delivery).values(lease_until=database_now(-0.01)))
    assert start_sending(session, ours, PARCEL, "") is None
    assert read(session, delivery) == (State.claimed, 1, 0)


def test_a_consent_that_ended_since_the_claim_sends_nothing(session: Session, delivery: Delivery) -> None:
    ours = claim(session, delivery)
    session.execute(update(Consent).values(withdrawn_at=database_now()))
    assert start_sending(session, ours, PARCEL, "") is None
    assert read(session, delivery) == (State.claimed, 1, 0)


def test_whoever_holds_claim_lease_and_consent_sends(session: Session, delivery: Delivery) -> None:
    assert start_sending(session, claim(session, delivery), PARCEL, "") is not None
    assert read(session, delivery) == (State.sending, 1, 1)


def test_a_state_read_before_the_fence_moved_on_changes_nothing(session: Session, delivery: Delivery) -> None:
    claim(session, delivery)
    set_committed_value(delivery, "fence", 0)
    assert not change_state(session, delivery, State.pending, None, expected=(State.claimed,))
    assert read(session, delivery) == (State.claimed, 1, 0)


def test_an_answer_to_an_old_fence_does_not_end_the_new_workers_try(session: Session, delivery: Delivery) -> None:
    ours = claim(session, delivery)
    attempt = start_sending(session, ours, PARCEL, "")
    assert attempt is not None
    session.execute(update(Delivery).values(fence=ours.fence + 1))
    session.refresh(delivery)
    record_outcome(session, open_vault(), ours, Heard(attempt, Answer("200"), 5))
    assert read(session, delivery) == (State.sending, 2, 1)
    assert session.scalars(select(Attempt.result)).one() is None
