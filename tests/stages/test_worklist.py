"""The worklist: each thing that needs a person is in its bin once, and leaves it when it is done."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.business_days import find_deadline
from leadgen.clock import now
from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.endpoints import pause_endpoint, resume_endpoint
from leadgen.delivery.resolve import ResolveError, resolve_received
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.intake.change import Change
from leadgen.invariants import find_breaches
from leadgen.journey.change import change_inquiry
from leadgen.journey.release import decline_choice, release_choice
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Choice, Endpoint, EndpointKind, EndpointState, Inquiry, Lead, Letter, State
from leadgen.review.bins.endpoints import UNTESTED
from leadgen.review.reasons import Reason
from leadgen.review.search import find_inquiries, read_reference
from leadgen.review.worklist import Bin, Item, count_bins, list_bin
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import settle


def bins(session: Session) -> dict[Bin, int]:
    return {each: count for each, count in count_bins(session).items() if count}


def items(session: Session, which: Bin) -> list[Item]:
    found = list_bin(session, which, limit=50)
    assert len(found) == count_bins(session)[which]
    return found


def only_lead(session: Session, school: str = "larkspur") -> Lead:
    return session.scalars(select(Lead).where(Lead.school_id == school)).one()


def backdate(session: Session, inquiry: Inquiry, days: int) -> None:
    inquiry.received_at = inquiry.received_at - timedelta(days=days)
    session.commit()


@pytest.fixture
def schools(session: Session) -> None:
    add_school(session, "larkspur")
    add_school(session, "harebell", kind=EndpointKind.form_post)


def test_nothing_waits_where_nothing_happened(session: Session) -> None:
    assert bins(session) == {}


def test_held_inquiry_is_one_item_with_its_schools_and_reasons(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur", "harebell"], trap="filled")
    (item,) = items(session, Bin.held)
    assert item.reference == inquiry.reference
    assert item.schools == ("Larkspur Institute", "Harebell Institute")
    assert item.reasons == ("filled_trap",)
    assert item.place == "Chicago, IL"


def test_oldest_stands_first_and_pages_do_not_overlap(session: Session, schools: None) -> None:
    sent = [
        send_inquiry(session, ["larkspur"], Prospect(email=f"a{n}@mail.example", phone=f"+1312555010{n}"), trap="x")
        for n in range(3)
    ]
    backdate(session, sent[1], 2)
    order = [sent[1].reference, sent[0].reference, sent[2].reference]
    pages = [list_bin(session, Bin.held, limit=1, offset=n)[0].reference for n in range(3)]
    assert pages == order


def test_decided_choices_leave_the_bin(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur", "harebell"], trap="x")
    first, second = inquiry.choices
    release_choice(session, open_vault(), first, "user:1", Reason("checked"))
    session.commit()
    assert items(session, Bin.held)[0].schools == ("Harebell Institute",)
    decline_choice(session, open_vault(), second, "user:1", Reason("not_genuine"))
    session.commit()
    assert Bin.held not in bins(session)


def test_withdrawn_choice_is_not_held_for_anybody(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"], trap="x")
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert bins(session) == {}


def test_unticked_choice_is_never_held(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    session.add(Choice(inquiry_id=inquiry.id, school_id="harebell", rank=2, ticked=False, outcome="hold"))
    session.commit()
    assert bins(session) == {}


def test_uncertain_delivery_leaves_when_it_is_settled(session: Session, schools: None) -> None:
    send_inquiry(session, ["larkspur"])
    delivery = settle(session, only_lead(session), State.uncertain, "timed out")
    session.commit()
    (item,) = items(session, Bin.uncertain)
    assert (item.subject, item.subject_id, item.reasons) == ("lead", delivery.id, ("timed out",))
    resolve_received(session, delivery, "user:1", "school_said")
    session.commit()
    assert bins(session) == {}


def test_failed_delivery_and_letter_are_both_listed(session: Session, schools: None) -> None:
    send_inquiry(session, ["larkspur"])
    settle(session, only_lead(session), State.failed, "422")
    session.execute(update(Letter).values(state=State.failed, reason="550"))
    session.commit()
    assert sorted(item.subject or "" for item in items(session, Bin.failed)) == ["lead", "letter"]


def test_failed_lead_that_was_withdrawn_asks_for_nothing(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    settle(session, only_lead(session), State.failed, "422")
    session.commit()
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert bins(session) == {}


def test_paused_endpoint_is_listed_only_while_something_waits(session: Session, schools: None) -> None:
    endpoint = session.scalars(select(Endpoint).where(Endpoint.school_id == "larkspur")).one()
    pause_endpoint(session, endpoint, "user:1")
    session.commit()
    assert bins(session) == {}
    send_inquiry(session, ["larkspur"])
    (item,) = items(session, Bin.endpoints)
    assert (item.state, item.waiting, item.subject_id) == ("paused", 1, endpoint.id)
    resume_endpoint(session, endpoint, "user:1")
    session.commit()
    assert bins(session) == {}


def test_an_endpoint_in_testing_is_listed_only_while_something_waits(session: Session, schools: None) -> None:
    session.execute(update(Endpoint).where(Endpoint.school_id == "larkspur").values(state=EndpointState.testing))
    session.commit()
    assert bins(session) == {}
    send_inquiry(session, ["larkspur"])
    (item,) = items(session, Bin.endpoints)
    assert (item.state, item.waiting, item.reasons) == ("testing", 1, (UNTESTED,))
    assert item.since is not None
    session.execute(update(Endpoint).values(retired_at=now(session)))
    assert bins(session) == {}


def test_broken_endpoint_is_listed_even_when_nothing_waits(session: Session, schools: None) -> None:
    session.execute(
        update(Endpoint)
        .where(Endpoint.school_id == "larkspur")
        .values(state=EndpointState.broken, broken_reason="answered 401")
    )
    session.commit()
    (item,) = items(session, Bin.endpoints)
    assert (item.since, item.waiting, item.reasons) == (None, 0, ("answered 401",))


def test_a_change_that_no_notice_carries_waits_in_a_bin_of_its_own(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["harebell"])
    lead = only_lead(session, "harebell")
    settle(session, lead, State.delivered)
    change_inquiry(session, open_vault(), inquiry, Change("", ["evening"], "es", {}))
    session.commit()
    (item,) = items(session, Bin.changes)
    assert (item.subject, item.school_id, item.due) == (lead.reference, "harebell", None)
    assert bins(session) == {Bin.changes: 1}
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert bins(session) == {Bin.withdrawals: 1}, "what counts now is that she withdrew"


@pytest.mark.parametrize("state", [State.sending, State.uncertain, State.delivered])
def test_school_without_notices_is_told_by_hand_once(session: Session, schools: None, state: State) -> None:
    inquiry = send_inquiry(session, ["harebell"])
    lead = only_lead(session, "harebell")
    settle(session, lead, state)
    session.commit()
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    (item,) = items(session, Bin.withdrawals)
    assert (item.subject, item.school_id) == (lead.reference, "harebell")
    withdrawn_at = now(session)
    assert item.due == find_deadline(withdrawn_at, "America/Chicago", withdrawn_at)
    tell_by_hand(session, lead, "user:1", "called_school")
    session.commit()
    assert Bin.withdrawals not in bins(session)
    with pytest.raises(ResolveError, match="told already"):
        tell_by_hand(session, lead, "user:1", "called_school")
    session.rollback()
    assert list(find_breaches(session)) == []


def test_school_that_takes_notices_needs_no_hand(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    settle(session, only_lead(session), State.delivered)
    session.commit()
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    assert bins(session) == {}


def test_nothing_is_told_while_the_consent_stands(session: Session, schools: None) -> None:
    send_inquiry(session, ["harebell"])
    settle(session, only_lead(session, "harebell"), State.delivered)
    session.commit()
    with pytest.raises(ResolveError, match="consent stands"):
        tell_by_hand(session, only_lead(session, "harebell"), "user:1", "called_school")


def test_returned_lead_is_shown_with_its_reason(session: Session, schools: None) -> None:
    send_inquiry(session, ["larkspur"])
    lead = only_lead(session)
    settle(session, lead, State.delivered)
    return_lead(session, open_vault(), lead, ReturnReason.wrong_number, None, "user:1")
    session.commit()
    assert items(session, Bin.returns)[0].reasons == ("wrong_number",)


def test_worklist_holds_no_personal_data(session: Session, schools: None) -> None:
    send_inquiry(session, ["larkspur"], trap="x")
    send_inquiry(session, ["harebell"], Prospect(email="b@mail.example", phone="+13125550143"))
    settle(session, only_lead(session, "harebell"), State.failed, "422")
    session.commit()
    text = repr([list_bin(session, each, limit=50) for each in Bin])
    assert not [word for word in ("Ada", "mail.example", "5550142", "5550143") if word in text]


def test_search_finds_by_reference_email_and_phone_and_by_nothing_else(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    lead = only_lead(session)
    typed = [inquiry.reference.lower().replace("-", " "), lead.reference, " ADA@mail.example ", "(312) 555-0142"]
    for text in typed:
        assert find_inquiries(session, open_vault(), text) == [inquiry], text
    for text in ("Ada", "mail.example", "@mail.example", "LG-0000-0000", "", "555-0142", "312-555-0143", "%"):
        assert find_inquiries(session, open_vault(), text) == [], text


def test_misread_letters_of_a_reference_are_put_right() -> None:
    assert read_reference("lg-7k2m-94Qo") == "LG-7K2M-94Q0"
    assert read_reference("LD 1I1l 0O00") == "LD-1111-0000"
    assert read_reference("7K2M-94QD") is None
