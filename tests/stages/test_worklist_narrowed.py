"""The worklist narrowed and sorted, its facets, and what leaves it by a word of staff."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.resolve import ResolveError, redeliver
from leadgen.delivery.set_aside import put_back, set_aside
from leadgen.dispositions.judge import JudgmentReason, judge_return, reopen_return
from leadgen.dispositions.report import DispositionError, ReturnReason, return_lead
from leadgen.history import read_history
from leadgen.journey.release import release_choice
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    About,
    Assignment,
    Delivery,
    DispositionReport,
    EndpointKind,
    Inquiry,
    Judgment,
    Lead,
    Letter,
    State,
    Subject,
    Verdict,
)
from leadgen.review.facets import read_facets
from leadgen.review.reasons import CHECKED, Reason
from leadgen.review.wanted import Age, Bin, Sort, Wanted
from leadgen.review.worklist import count_bins, count_lines, list_lines
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import add_reviewer, settle


@pytest.fixture
def schools(session: Session) -> None:
    add_school(session, "larkspur")
    add_school(session, "bramble")
    add_school(session, "harebell", kind=EndpointKind.form_post)


def send_held(session: Session, number: int, *schools: str) -> Inquiry:
    prospect = Prospect(email=f"a{number}@mail.example", phone=f"+1312555{100 + number:04}")
    return send_inquiry(session, list(schools), prospect, trap="filled")


def found(session: Session, wanted: Wanted) -> list[str | None]:
    lines = list_lines(session, wanted, limit=50)
    assert len(lines) == count_lines(session, wanted)
    return [line.reference for line in lines]


def kinds(session: Session, inquiry_id: int) -> list[str]:
    return [event.kind for event in read_history(session, Subject.inquiry, inquiry_id)]


def test_held_lines_are_narrowed_by_the_school_that_waits_and_by_its_reason(session: Session, schools: None) -> None:
    both, one = send_held(session, 1, "larkspur", "bramble"), send_held(session, 2, "bramble")
    released = next(choice for choice in both.choices if choice.school_id == "larkspur")
    assert found(session, Wanted(school="bramble")) == [both.reference, one.reference]
    assert found(session, Wanted(school="larkspur")) == [both.reference]
    assert found(session, Wanted(reason="filled_trap")) == [both.reference, one.reference]
    assert found(session, Wanted(reason="filled_tra_")) == []
    release_choice(session, open_vault(), released, "user:1", Reason(CHECKED))
    assert found(session, Wanted(school="larkspur")) == []


def test_reasons_are_counted_by_inquiry_and_schools_are_named(session: Session, schools: None) -> None:
    send_held(session, 1, "larkspur", "bramble")
    again = send_held(session, 1, "bramble")
    facets = read_facets(session, Wanted())
    assert facets.reasons == [("filled_trap", 2), ("duplicate_email", 1), ("duplicate_phone", 1)]
    assert facets.schools == [("bramble", "Bramble Institute"), ("larkspur", "Larkspur Institute")]
    assert facets.programs == [("medical-billing-and-coding", "Medical billing and coding")]
    assert facets.states == [("IL", "IL")]
    assert read_facets(session, Wanted(reason="duplicate_email")).reasons == facets.reasons
    assert found(session, Wanted(reason="duplicate_phone")) == [again.reference]
    assert read_facets(session, Wanted(school="larkspur")).reasons == [("filled_trap", 1)]


def test_only_the_latest_reasons_of_a_choice_count(session: Session, schools: None) -> None:
    inquiry = send_held(session, 1, "larkspur")
    later = {"outcome": "hold", "actor": "user:1", "reasons": ["asked_her"], "given_at": now(session)}
    session.add(Verdict(choice_id=inquiry.choices[0].id, number=2, **later))
    session.flush()
    assert read_facets(session, Wanted()).reasons == [("asked_her", 1)]
    assert found(session, Wanted(reason="filled_trap")) == []


def test_lines_are_narrowed_by_program_state_and_age_and_sorted(session: Session, schools: None) -> None:
    old, new = send_held(session, 1, "larkspur"), send_held(session, 2, "larkspur")
    old.received_at -= timedelta(days=2)
    old.program, old.program_title, old.state = "phlebotomy", "Phlebotomy", "WI"
    session.flush()
    assert found(session, Wanted(program="phlebotomy")) == [old.reference]
    assert found(session, Wanted(state="IL")) == [new.reference]
    assert found(session, Wanted(age=Age.day)) == [old.reference]
    assert found(session, Wanted()) == [old.reference, new.reference]
    assert found(session, Wanted(sort=Sort.newest)) == [new.reference, old.reference]
    assert found(session, Wanted(sort=Sort.program)) == [new.reference, old.reference]
    assert found(session, Wanted(sort=Sort.place)) == [new.reference, old.reference]


def test_only_lines_that_somebody_holds_are_that_persons(session: Session, schools: None) -> None:
    inquiry, _ = send_held(session, 1, "larkspur"), send_held(session, 2, "larkspur")
    user = add_reviewer(session)
    at = now(session)
    claim = Assignment(subject=f"inquiry:{inquiry.id}", user_id=user, since=at, until=at)
    session.add(claim)
    session.flush()
    assert found(session, Wanted(holder=user)) == []
    claim.until = at + timedelta(minutes=1)
    session.flush()
    assert found(session, Wanted(holder=user)) == [inquiry.reference]
    assert found(session, Wanted(holder=user + 1)) == []
    assert found(session, Wanted(Bin.failed, holder=user)) == []


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("which", Bin)
def test_every_bin_can_be_asked_in_every_way(session: Session, schools: None, which: Bin, sort: Sort) -> None:
    wanted = Wanted(which, "x", "larkspur", "x", "IL", Age.week, 1, sort)
    assert found(session, wanted) == []
    assert read_facets(session, wanted).reasons == []


@pytest.mark.parametrize(("which", "state", "minutes"), [("uncertain", "uncertain", 15), ("failed", "failed", 60)])
def test_a_line_that_waits_too_long_is_late(
    session: Session, schools: None, which: str, state: str, minutes: int
) -> None:
    send_inquiry(session, ["larkspur"])
    delivery = settle(session, session.scalars(select(Lead)).one(), State(state), "x")
    for waited, late in ((minutes - 1, False), (minutes + 1, True)):
        delivery.due_at = delivery.ended_at = now(session) - timedelta(minutes=waited)
        session.flush()
        (line,) = list_lines(session, Wanted(Bin(which)), limit=9)
        assert line.late is late


def test_what_failed_is_set_aside_once_and_put_back(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    delivery = settle(session, session.scalars(select(Lead)).one(), State.failed, "422")
    session.flush()
    with pytest.raises(ResolveError, match="on the worklist already"):
        put_back(session, delivery, "user:1", "by_mistake")
    set_aside(session, delivery, "user:1", "never_will")
    assert count_bins(session)[Bin.failed] == 0
    with pytest.raises(ResolveError, match="set aside already"):
        set_aside(session, delivery, "user:2", "never_will")
    put_back(session, delivery, "user:1", "by_mistake")
    assert count_bins(session)[Bin.failed] == 1
    assert kinds(session, inquiry.id)[-2:] == ["delivery.set_aside", "delivery.put_back"]


def test_what_was_set_aside_and_fails_again_is_on_the_worklist_again(session: Session, schools: None) -> None:
    send_inquiry(session, ["larkspur"])
    delivery = settle(session, session.scalars(select(Lead)).one(), State.failed, "422")
    session.flush()
    set_aside(session, delivery, "user:1", "never_will")
    redeliver(session, delivery, "user:1", "school_asked")
    with pytest.raises(ResolveError, match="pending by now"):
        set_aside(session, delivery, "user:1", "never_will")
    delivery.state = State.failed
    session.flush()
    assert count_bins(session)[Bin.failed] == 1


def test_letters_are_set_aside_too(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    session.execute(update(Letter).values(state=State.failed, reason="550"))
    letter = session.scalars(select(Letter)).one()
    set_aside(session, letter, "user:1", "no_longer_wanted")
    assert count_bins(session)[Bin.failed] == 0
    assert kinds(session, inquiry.id)[-1] == "letter.set_aside"


def returned(session: Session) -> DispositionReport:
    send_inquiry(session, ["larkspur"])
    lead = session.scalars(select(Lead)).one()
    settle(session, lead, State.delivered)
    return_lead(session, open_vault(), lead, ReturnReason.wrong_number, None, "user:9")
    return session.scalars(select(DispositionReport)).one()


@pytest.mark.parametrize("judgment", Judgment)
def test_a_return_is_judged_once_and_leaves_the_worklist(session: Session, schools: None, judgment: Judgment) -> None:
    report = returned(session)
    reasons = {Judgment.accepted: JudgmentReason.reason_holds, Judgment.refused: JudgmentReason.school_never_tried}
    with pytest.raises(DispositionError, match="fits the decision"):
        judge_return(session, report, judgment, reasons[next(each for each in Judgment if each != judgment)], "user:1")
    judge_return(session, report, judgment, reasons[judgment], "user:1")
    assert (report.judgment, report.judged_by) == (judgment, "user:1")
    assert count_bins(session)[Bin.returns] == 0
    with pytest.raises(DispositionError, match="judged already"):
        judge_return(session, report, judgment, reasons[judgment], "user:2")
    reopen_return(session, report, "user:1", "by_mistake")
    assert count_bins(session)[Bin.returns] == 1
    with pytest.raises(DispositionError, match="waits for a judgment"):
        reopen_return(session, report, "user:1", "by_mistake")


def test_an_endpoint_at_its_cap_is_listed_with_what_waits(session: Session, schools: None) -> None:
    send_inquiry(session, ["larkspur"])
    session.execute(update(Delivery).values(state=State.held, reason="cap"))
    (line,) = list_lines(session, Wanted(Bin.endpoints), limit=9)
    assert (line.state, line.waiting, line.reasons, line.school_id) == ("at_cap", 1, ("cap",), "larkspur")
    session.execute(update(Delivery).values(reason="school_paused"))
    assert count_bins(session)[Bin.endpoints] == 0


@pytest.mark.parametrize("state", [State.failed, State.uncertain, State.held])
def test_a_withdrawal_notice_that_does_not_arrive_is_listed(session: Session, schools: None, state: State) -> None:
    inquiry = send_inquiry(session, ["larkspur"])
    settle(session, session.scalars(select(Lead)).one(), State.delivered)
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    assert count_bins(session)[Bin.withdrawals] == 0
    notice = session.scalars(select(Delivery).where(Delivery.about == About.withdrawal)).one()
    notice.state, notice.created_at = state, now(session) - timedelta(minutes=16)
    session.flush()
    (line,) = list_lines(session, Wanted(Bin.withdrawals), limit=9)
    assert (line.state, line.key) == (state, f"delivery:{notice.id}")
    assert line.due is not None
    assert line.due.days_left in (9, 10)
    notice.state = State.delivered
    session.flush()
    assert count_bins(session)[Bin.withdrawals] == 0


def test_nobody_is_told_of_a_lead_that_never_left(session: Session, schools: None) -> None:
    inquiry = send_inquiry(session, ["harebell"])
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    assert session.scalars(select(Lead.untold_since)).one() is None
