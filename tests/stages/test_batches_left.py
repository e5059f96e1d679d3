"""What a worker that died left of a daily file: the rows go once all the same, or wait for a person."""

from collections.abc import Callable

from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.delivery.batch.send import send_batch
from leadgen.delivery.batch.settle import note_end
from leadgen.delivery.batch.start import start_batch
from leadgen.delivery.carriers.contract import Answer
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.invariants import find_breaches
from leadgen.journey.erase import erase_inquiry
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Attempt, Batch, Contact, Delivery, Endpoint, EndpointKind, Inquiry, State
from leadgen.vault import open_vault
from tests.inquiries import send_inquiry
from tests.stages.daily_files import (
    Relay,
    claim,
    dispatcher_to,
    inquire,
    lapse,
    let_the_day_pass,
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


def spoil(session: Session) -> None:
    """What was sealed of the first person opens no more."""
    first = select(Inquiry.id).order_by(Inquiry.id).limit(1).scalar_subquery()
    session.execute(update(Contact).where(Contact.inquiry_id == first).values(sealed=bytes(64)))
    session.commit()


def test_a_person_who_cannot_be_read_fails_alone_and_the_file_goes_with_the_rest(
    session: Session, relay: Relay
) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 3)
    spoil(session)
    dispatcher_to(relay, session).deliver(first)
    assert len(read_rows(relay.files[0])) == 2
    assert states(session) == [State.failed, State.delivered, State.delivered]
    assert session.scalars(select(Delivery.reason).where(Delivery.id == first)).one() == "rendering:VaultError"
    assert find_breaches(session) == []


def test_where_nobody_can_be_read_all_fail_and_the_next_file_is_free_to_go(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 1)
    spoil(session)
    dispatcher_to(relay, session).deliver(first)
    assert (states(session), relay.files) == ([State.failed], [])
    assert session.scalars(select(Batch.state)).one() is State.cancelled
    assert find_breaches(session) == []


def test_an_erasure_between_claim_and_file_delays_nobody(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    carrier = dispatcher_to(relay, session)
    claimed = claim(session, first)
    gone = session.scalars(select(Inquiry).order_by(Inquiry.id)).first()
    assert gone is not None
    erase_inquiry(session, open_vault(), current_settings(), gone, "prospect", "asked")
    session.commit()
    send_batch(carrier.dispatcher, session, claimed)
    assert len(read_rows(relay.files[0])) == 1
    assert states(session) == [State.cancelled, State.delivered]
    assert find_breaches(session) == []


def test_an_endpoint_whose_secret_opens_no_more_fails_its_rows_and_keeps_no_file_under_way(
    session: Session, relay: Relay
) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    session.execute(update(Endpoint).values(secret_sealed=b"rubbish"))
    dispatcher_to(relay, session).deliver(first)
    assert (states(session), relay.files) == ([State.failed, State.failed], [])
    assert session.scalars(select(Batch.state)).one() is State.cancelled
    assert session.scalars(select(Attempt.id)).all() == []
    assert find_breaches(session) == []


def test_an_answer_that_cannot_be_kept_for_one_row_is_still_the_answer_for_all(session: Session) -> None:
    make_batch_school(session)
    told = send_inquiry(session, ["larkspur"])
    let_the_day_pass(session)
    relay = Relay(Answer("put", "99 bytes"))
    carrier = dispatcher_to(relay, session)
    carrier.deliver(told.leads[0].deliveries[0].id)
    withdraw_inquiry(session, told.id, None, "prospect", "her_wish")
    inquire(session, 1)
    session.execute(update(Contact).where(Contact.inquiry_id == told.id).values(wrapped_key=bytes(64)))
    let_the_day_pass(session)
    carrier.deliver(session.scalars(select(Delivery.id).where(Delivery.state == State.pending)).first() or 0)
    assert len(read_rows(relay.files[1])) == 2, "a withdrawal names nobody, so it goes"
    assert states(session) == [State.delivered] * 3
    assert find_breaches(session) == []


class Flaky:
    """Sessions of which the next breaks as it commits, once it was told to."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions, self.breaks = sessions, False

    def __call__(self) -> Session:
        session = self._sessions()
        if self.breaks:
            self.breaks = False
            event.listen(session, "before_commit", self._break, once=True)
        return session

    @staticmethod
    def _break(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("the database is away"))


def test_an_answer_is_kept_though_the_database_was_away_for_a_moment(session: Session) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    known = open_dispatcher()
    flaky = Flaky(known.sessions)

    def take(parcel: object, destination: object, line: object) -> Answer:
        flaky.breaks = True
        return Answer("250")

    session.commit()
    Dispatcher(flaky, known.vault, known.line, 0, {EndpointKind.batch: take}).deliver(first)
    assert not flaky.breaks
    assert states(session) == [State.delivered] * 2
    assert find_breaches(session) == []


def test_a_worker_that_comes_back_when_its_file_was_given_up_moves_no_row(session: Session) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    claimed = claim(session, first)
    session.execute(update(Batch).values(state=State.cancelled, look_at=None))
    session.commit()
    assert start_batch(session, open_vault(), claimed) is None
    session.commit()
    assert states(session) == [State.claimed, State.claimed]
    assert session.scalars(select(Attempt.id)).all() == []
    assert find_breaches(session) == []
