"""She changes her number at every moment of a delivery: the school gets the new one, at once or by a notice."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Unknown
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.extensions import db
from leadgen.intake.change import Change
from leadgen.invariants import find_breaches
from leadgen.journey.change import change_inquiry
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import About, Channel, Delivery, Endpoint, EndpointKind, Inquiry, Lead, State, Takes
from leadgen.vault import open_vault
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, make_due, only_delivery, run

__all__ = ["inquiry"]  # a fixture, used by name

OLD, NEW, NEWER = "+13125550142", "+13125550187", "+13125550188"
WAYS = {"larkspur": frozenset({Channel.email, Channel.call})}


def change(session: Session, inquiry_id: int, phone: str = NEW) -> list[str]:
    told = change_inquiry(
        session, open_vault(), session.get_one(Inquiry, inquiry_id), Change(phone, ["evening"], "en", WAYS)
    )
    session.commit()
    return told


def find_changes(session: Session) -> list[Delivery]:
    session.rollback()
    session.expire_all()
    changes = select(Delivery).where(Delivery.about == About.change).order_by(Delivery.version)
    return list(session.scalars(changes))


def read_phones(carrier: ScriptedCarrier) -> list[str]:
    bodies = [parcel.body.decode() for parcel, _ in carrier.carried]
    return [next(phone for phone in (OLD, NEW, NEWER) if phone in body) for body in bodies]


def test_what_has_not_left_is_built_from_the_new(session: Session, inquiry: Inquiry) -> None:
    assert change(session, inquiry.id) == ["larkspur"]
    carrier, _ = carry(session, Answer("200"))
    assert read_phones(carrier) == [NEW]
    assert find_changes(session) == []


def test_claimed_by_a_worker_is_taken_out_of_its_hands(session: Session, inquiry: Inquiry) -> None:
    sessions, inquiry_id = db.sessionmaker, inquiry.id

    class Slow(Dispatcher):
        def _prepare(self, *arguments):
            built = super()._prepare(*arguments)
            arguments[0].rollback()
            with sessions() as other:
                change(other, inquiry_id)
            return built

    running, carrier = open_dispatcher(), ScriptedCarrier([Answer("200")])
    slow = Slow(running.sessions, running.vault, running.line, 30, dict.fromkeys(EndpointKind, carrier))
    delivery_id = only_delivery(session).id
    session.rollback()
    assert slow.deliver(delivery_id) is None, "its parcel is the old one"
    assert only_delivery(session).state is State.pending
    run(session, carrier)
    assert read_phones(carrier) == [NEW]
    assert find_changes(session) == []
    assert find_breaches(session) == []


def test_while_sending_the_notice_waits_for_the_end(session: Session, inquiry: Inquiry) -> None:
    sessions, inquiry_id = db.sessionmaker, inquiry.id

    def change_meanwhile() -> None:
        with sessions() as other:
            change(other, inquiry_id)
            (notice,) = find_changes(other)
            assert run(other, ScriptedCarrier([Answer("200")]), notice.id) is None
            (notice,) = find_changes(other)
            assert (notice.state, notice.reason) == (State.pending, "after_its_lead")

    carrier = ScriptedCarrier([Answer("200")], change_meanwhile)
    delivery_id = only_delivery(session).id
    session.rollback()
    run(session, carrier, delivery_id)
    make_due(session)
    after = ScriptedCarrier([Answer("200")])
    run(session, after, find_changes(session)[0].id)
    assert read_phones(carrier) + read_phones(after) == [OLD, NEW]
    assert find_breaches(session) == []


def test_second_change_is_version_two_and_waits_for_the_first(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    inquiry_id, sessions = inquiry.id, db.sessionmaker
    change(session, inquiry_id)

    def change_again() -> None:
        with sessions() as other:
            change(other, inquiry_id, NEWER)
            second = find_changes(other)[1]
            assert run(other, ScriptedCarrier([Answer("200")]), second.id) is None

    first = ScriptedCarrier([Answer("200")], change_again)
    run(session, first, find_changes(session)[0].id)
    make_due(session)
    second = ScriptedCarrier([Answer("200")])
    run(session, second, find_changes(session)[1].id)
    assert [each.version for each in find_changes(session)] == [1, 2]
    assert read_phones(first) + read_phones(second) == [NEW, NEWER]
    keys = {each.key for each in find_changes(session)}
    assert len(keys) == 2


def test_uncertain_gets_the_notice_too(session: Session, inquiry: Inquiry) -> None:
    carry(session, Unknown("timeout"))
    change(session, inquiry.id)
    assert len(find_changes(session)) == 1


def test_withdrawal_stops_a_change_that_has_not_left(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    change(session, inquiry.id)
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    (stopped,) = find_changes(session)
    assert (stopped.state, stopped.reason) == (State.cancelled, "withdrawn")
    assert find_breaches(session) == []


def test_change_that_failed_once_is_not_tried_again_after_a_withdrawal(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    inquiry_id, sessions = inquiry.id, db.sessionmaker
    change(session, inquiry_id)

    def withdraw_meanwhile() -> None:
        with sessions() as other:
            withdraw_inquiry(other, inquiry_id, None, "prospect")
            other.commit()

    run(session, ScriptedCarrier([DefiniteNo("refused")], withdraw_meanwhile), find_changes(session)[0].id)
    assert find_changes(session)[0].state is State.cancelled
    assert find_breaches(session) == []


def test_school_that_takes_no_notices_is_told_by_hand(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    session.execute(update(Endpoint).values(takes=Takes.leads))
    change(session, inquiry.id)
    lead = session.scalars(select(Lead)).one()
    assert lead.untold_since
    tell_by_hand(session, lead, "staff:1", "called_school")
    session.commit()
    (told,) = find_changes(session)
    assert (told.state, told.version) == (State.delivered, 1)
    assert session.scalars(select(Lead)).one().untold_since is None
