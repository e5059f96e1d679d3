"""What comes late, twice, or after somebody else decided: the delivery tells the truth, and nobody gets it again."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.delivery import resolve
from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.due import find_due, is_overdue, release_lapsed
from leadgen.extensions import db
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters import NOT_DELIVERED
from leadgen.models import (
    About,
    Attempt,
    CapUse,
    Delivery,
    Endpoint,
    EndpointKind,
    Inquiry,
    Lead,
    Letter,
    Result,
    Route,
    School,
    SchoolStatus,
    State,
    Subject,
    Takes,
)
from leadgen.review.worklist import Bin, count_bins
from tests.inquiries import add_school, send_inquiry
from tests.tasks.test_dispatch import ScriptedCarrier, carry, dispatcher_with, make_due, only_delivery, run


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    add_school(session, "larkspur")
    return send_inquiry(session, ["larkspur"])


def lapse(own: Session) -> None:
    own.execute(update(Delivery).where(Delivery.state == State.sending).values(lease_until=database_now(-1)))
    assert release_lapsed(own, Delivery)


def say_no(own: Session) -> None:
    delivery = own.scalars(select(Delivery).where(Delivery.about == About.lead)).one()
    resolve.resolve_not_received(own, delivery, "user:1", "school_said")


def list_kinds(session: Session, inquiry: Inquiry) -> list[str]:
    return [event.kind for event in read_history(session, Subject.inquiry, inquiry.id)]


def find_notice(session: Session) -> Delivery | None:
    session.rollback()
    return session.scalars(select(Delivery).where(Delivery.about == About.withdrawal)).one_or_none()


def test_a_yes_that_comes_after_staff_said_no_still_counts_before_it_goes_again(
    session: Session, inquiry: Inquiry
) -> None:
    def settle() -> None:
        with db.sessionmaker() as own:
            lapse(own)
            say_no(own)
            own.commit()

    carrier = ScriptedCarrier([Answer("200")], settle)
    run(session, carrier)
    delivery = only_delivery(session)
    assert (delivery.state, [each.result for each in delivery.attempts]) == (State.delivered, [Result.accepted])
    assert find_due(session, Delivery) == []
    assert find_breaches(session) == []


def test_a_yes_that_comes_after_no_and_withdrawal_revives_the_notice(session: Session, inquiry: Inquiry) -> None:
    inquiry_id = inquiry.id

    def settle() -> None:
        with db.sessionmaker() as own:
            withdraw_inquiry(own, inquiry_id, None, "prospect")
            lapse(own)
            say_no(own)
            own.commit()
            states = {row.about: row.state for row in own.scalars(select(Delivery))}
            assert states == {About.lead: State.cancelled, About.withdrawal: State.cancelled}

    run(session, ScriptedCarrier([Answer("200")], settle))
    assert only_delivery(session).state is State.delivered
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is State.pending
    assert find_breaches(session) == []


def test_an_answer_that_comes_after_another_worker_took_over_is_kept_in_the_history(
    session: Session, inquiry: Inquiry
) -> None:
    def settle() -> None:
        with db.sessionmaker() as own:
            lapse(own)
            say_no(own)
            own.commit()
            second = own.scalars(select(Delivery.id)).one()
        dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(second)

    run(session, ScriptedCarrier([Answer("200")], settle))
    delivery = only_delivery(session)
    assert [each.result for each in delivery.attempts] == [Result.not_received, Result.accepted]
    assert list_kinds(session, inquiry)[-2:] == ["delivery.delivered", "delivery.late_answer"]
    assert find_breaches(session) == []


def test_withdrawn_while_a_try_that_may_have_arrived_is_repeated_tells_the_school(
    session: Session, inquiry: Inquiry
) -> None:
    session.execute(update(Endpoint).values(dedupes=True))
    session.commit()
    carry(session, Unknown("504"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert only_delivery(session).state is State.cancelled
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is State.pending


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (DefiniteNo("refused"), State.cancelled),
        (DefiniteNo("503", status="503"), State.pending),
        (Misconfigured("401", status="401"), State.pending),
    ],
)
def test_the_notice_is_needless_only_where_no_body_left(
    session: Session, inquiry: Inquiry, outcome: DefiniteNo, state: State
) -> None:
    inquiry_id = inquiry.id

    def withdraw() -> None:
        with db.sessionmaker() as own:
            withdraw_inquiry(own, inquiry_id, None, "prospect")
            own.commit()

    run(session, ScriptedCarrier([outcome], withdraw))
    assert only_delivery(session).state is State.cancelled
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is state


def test_a_school_that_needs_telling_by_hand_is_told_where_a_repeated_try_may_have_arrived(session: Session) -> None:
    add_school(session, "harebell", kind=EndpointKind.form_post)
    session.execute(update(Endpoint).values(dedupes=True))
    inquiry = send_inquiry(session, ["harebell"])
    carry(session, Unknown("504"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert count_bins(session)[Bin.withdrawals] == 1
    tell_by_hand(session, session.scalars(select(Lead)).one(), "user:1", "called_school")
    session.commit()
    notice = find_notice(session)
    assert notice is not None
    assert notice.state is State.delivered


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


def test_the_history_says_of_a_notice_that_it_is_one(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    notice = find_notice(session)
    assert notice is not None

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(session, ScriptedCarrier([Answer("200")], die), notice.id)
    lapse(session)
    resolve.resolve_not_received(session, session.get_one(Delivery, notice.id), "user:1", "school_said")
    session.execute(update(Endpoint).values(retired_at=now(session)))
    session.commit()
    run(session, ScriptedCarrier([]), notice.id)
    session.rollback()
    told = {event.kind: event.data.get("about") for event in read_history(session, Subject.inquiry, inquiry.id)}
    for kind in ("delivery.uncertain", "delivery.resolved_not_received", "delivery.failed"):
        assert told[kind] == About.withdrawal


@pytest.mark.parametrize("model", [Delivery, Letter])
def test_a_letter_that_waits_too_long_is_a_sign_like_a_delivery(
    session: Session, inquiry: Inquiry, model: type[Delivery] | type[Letter]
) -> None:
    assert not is_overdue(session, timedelta(seconds=15))
    session.execute(update(model).values(due_at=database_now(-16)))
    assert is_overdue(session, timedelta(seconds=15))


def grow_old(session: Session) -> None:
    past = now(session) - timedelta(days=31)
    session.execute(update(Lead).values(released_at=past))
    session.execute(update(Delivery).values(created_at=past, due_at=database_now(-1)))
    session.commit()


def read_letters(session: Session) -> list[str]:
    return list(session.scalars(select(Letter.kind).order_by(Letter.id)))


def test_a_lead_that_waited_over_thirty_days_fails_and_she_is_told_once(session: Session) -> None:
    add_school(session, "larkspur")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    add_school(session, "bramble")
    send_inquiry(session, ["larkspur", "bramble"])
    grow_old(session)
    carrier = ScriptedCarrier([Answer("200")])
    for delivery_id in find_due(session, Delivery):
        session.rollback()
        dispatcher_with(carrier).deliver(delivery_id)
    session.rollback()
    assert set(session.execute(select(Delivery.state, Delivery.reason))) == {(State.failed, "too_old")}
    assert read_letters(session) == ["confirmation", NOT_DELIVERED]
    assert carrier.carried == []


def test_a_lead_that_one_endpoint_got_is_not_told_as_lost(session: Session) -> None:
    add_school(session, "larkspur")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    send_inquiry(session, ["larkspur"])
    first, second = find_due(session, Delivery)
    session.rollback()
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(first)
    grow_old(session)
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(second)
    assert session.get_one(Delivery, second).reason == "too_old"
    assert read_letters(session) == ["confirmation"]


def test_a_withdrawal_is_told_however_long_it_waited(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    notice = find_notice(session)
    assert notice is not None
    grow_old(session)
    run(session, ScriptedCarrier([Answer("200")]), notice.id)
    session.expire_all()
    assert notice.state is State.delivered


def test_a_lead_that_is_too_old_is_not_sent_again_by_staff(session: Session, inquiry: Inquiry) -> None:
    _, delivery = carry(session, PermanentNo("422", status="422"))
    grow_old(session)
    with pytest.raises(resolve.ResolveError, match="older than 30 days"):
        resolve.redeliver(session, delivery, "user:1", "school_asked")


def test_staff_cannot_send_to_a_second_endpoint_where_the_first_that_accepts_counts(session: Session) -> None:
    add_school(session, "larkspur", route=Route.first)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    run(session, ScriptedCarrier([PermanentNo("422")]))
    failed = session.scalars(select(Delivery).where(Delivery.state == State.failed)).one()
    with pytest.raises(resolve.ResolveError, match="Another endpoint"):
        resolve.redeliver(session, failed, "user:1", "school_asked")


def test_a_database_that_fails_while_the_parcel_is_built_costs_no_lead(session: Session, inquiry: Inquiry) -> None:
    class Flaky(type(dispatcher_with(ScriptedCarrier([Answer("200")])))):  # type: ignore[misc]
        def _prepare(self, *arguments: object) -> None:
            raise OperationalError("SELECT", {}, Exception("the connection was lost"))

    ours = dispatcher_with(ScriptedCarrier([Answer("200")]))
    delivery_id = only_delivery(session).id
    session.rollback()
    with pytest.raises(OperationalError):
        Flaky(ours.sessions, ours.vault, ours.line, 30, ours.carriers).deliver(delivery_id)
    assert only_delivery(session).state is State.claimed
    session.execute(update(Delivery).values(lease_until=database_now(-1)))
    assert release_lapsed(session, Delivery)
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    assert only_delivery(session).state is State.delivered


def test_what_cannot_be_sent_is_told_in_the_history(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Inquiry).values(criteria={"broken": True}))
    session.commit()
    carry(session, Answer("200"))
    assert list_kinds(session, inquiry)[-1] == "delivery.failed"


def test_a_place_is_given_back_when_the_last_of_two_endpoints_says_no(session: Session) -> None:
    add_school(session, "larkspur", daily_cap=5, monthly_cap=9)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    first, second = find_due(session, Delivery)
    session.rollback()
    dispatcher_with(ScriptedCarrier([Answer("200")])).deliver(first)
    dispatcher_with(ScriptedCarrier([PermanentNo("422")])).deliver(second)
    assert session.scalars(select(CapUse.used)).all() == [1, 1]
    assert find_breaches(session) == []


def test_daily_and_monthly_caps_hold_together(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(daily_cap=5, monthly_cap=0))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    assert set(session.scalars(select(CapUse.used))) == {0}, "the day's place is given back"
    assert session.scalars(select(Lead.slots)).one() == ()
    month = delivery.due_at.astimezone(ZoneInfo("America/Chicago"))
    assert (month.day, month.hour) == (1, 0)


@pytest.mark.parametrize("outcome", [PermanentNo("550", status="550"), Unknown("silence")])
def test_staff_send_a_letter_again_that_failed_or_may_be_lost(
    session: Session, inquiry: Inquiry, outcome: PermanentNo
) -> None:
    letter = session.scalars(select(Letter)).one()
    letter_id = letter.id
    session.rollback()
    carrier = ScriptedCarrier([outcome, Answer("250")])
    dispatcher_with(carrier).send_letter(letter_id)
    session.expire_all()
    assert letter.state in (State.failed, State.uncertain)
    resolve.resend_letter(session, letter, "user:1", "asked")
    session.commit()
    assert (letter.state, letter.tries) == (State.pending, 0)
    with pytest.raises(resolve.ResolveError, match="pending by now"):
        resolve.resend_letter(session, letter, "user:1", "asked")
    session.rollback()
    dispatcher_with(carrier).send_letter(letter_id)
    session.expire_all()
    assert letter.state is State.delivered
    closed = Result.permanent_no if isinstance(outcome, PermanentNo) else Result.not_received
    results = session.scalars(select(Attempt.result).order_by(Attempt.number)).all()
    assert results == [closed, Result.accepted]
    assert list_kinds(session, inquiry)[-1] == "letter.resent"
    assert find_breaches(session) == []


def test_a_form_post_school_is_not_told_at_an_endpoint_for_leads(session: Session) -> None:
    add_school(session, "harebell", kind=EndpointKind.form_post)
    session.execute(update(Endpoint).values(takes=Takes.leads))
    inquiry = send_inquiry(session, ["harebell"])
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert find_notice(session) is None


def test_a_lead_waits_while_its_school_is_paused_and_leaves_once_the_pause_is_over(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    pause = {"status": SchoolStatus.paused, "paused_until": now(session).date() + timedelta(days=2)}
    session.execute(update(School).values(pause))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "school_paused")
    session.execute(update(School).values(paused_until=now(session).date() - timedelta(days=1)))
    session.execute(update(Delivery).values(due_at=database_now(-1)))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert delivery.state is State.delivered


def test_a_lead_of_a_full_campus_waits_for_tomorrow_and_of_another_leaves(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    session.execute(update(School).values(part_caps=("campus Elsewhere: 0 a day", "campus Main: 0 a day")))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason) == (State.held, "cap")
    assert delivery.due_at.astimezone(ZoneInfo("America/Chicago")).hour == 0
    session.execute(update(School).values(part_caps=("campus Elsewhere: 0 a day",)))
    session.execute(update(Delivery).values(due_at=database_now(-1)))
    session.commit()
    _, delivery = carry(session, Answer("200"))
    assert delivery.state is State.delivered
