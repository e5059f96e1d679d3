"""Release, hold, decline and withdraw at the desk: each decision once, by one of two reviewers."""

import re

from sqlalchemy import select, update

from leadgen.accounts.roles import RoleName
from leadgen.delivery.claim import claim_delivery
from leadgen.invariants import find_breaches
from leadgen.models import Choice, Delivery, Event, Inquiry, Lead, School, State, Verdict
from tests.web.desk import Desk, follow, held, kinds, read_delivery, schools, sent, settle_only
from tests.web.workplace import database, sign_in

__all__ = ["held", "schools", "sent"]  # fixtures, used by name


def test_releasing_all_makes_every_lead_once(held: Desk) -> None:
    assert "Released to Larkspur Institute, Bramble Institute" in held.act("release")
    assert held.outcomes() == ["release", "release"]
    again = held.act("release")
    assert "Nothing is held here any more. Released already by rita@firststep.example on " in again
    assert (held.count(Lead), held.count(Delivery), held.count(Verdict)) == (2, 2, 4)
    with database(held.app) as session:
        assert list(find_breaches(session)) == []


def test_releasing_one_leaves_the_other_held(held: Desk) -> None:
    held.act("release", school="bramble")
    assert held.outcomes() == ["hold", "release"]
    assert "Released already by rita@firststep.example" in held.act("release", school="bramble")
    assert held.count(Lead) == 1


def test_declining_needs_a_reason_and_seals_it(held: Desk) -> None:
    for missing in ({}, {"reason": "Ada asked twice"}):
        assert "Choose a reason first" in held.act("decline", **missing)
    assert "in your own words" in held.act("decline", reason="other", words="  ")
    assert held.outcomes() == ["hold", "hold"]
    assert "Declined for" in held.act("decline", reason="other", words="Ada asked twice")
    assert held.outcomes() == ["decline", "decline"]
    assert "Ada asked twice" not in held.page()
    assert "Ada asked twice" in held.rita.post(f"/desk/inquiries/{held.reference}/reveal").text
    with database(held.app) as session:
        assert "asked twice" not in repr([event.data for event in session.scalars(select(Event))])


def test_declined_choice_can_be_held_again_and_released(held: Desk) -> None:
    held.act("decline", school="larkspur", reason="has_it")
    held.act("hold", school="larkspur", reason="by_mistake", words="it was not")
    assert held.outcomes() == ["hold", "hold"]
    held.act("decline", school="larkspur", reason="has_it")
    held.act("release", school="larkspur")
    assert held.outcomes() == ["release", "hold"]


def test_released_choice_that_left_is_neither_declined_nor_held(held: Desk) -> None:
    held.act("release", school="larkspur")
    settle_only(held, State.sending)
    assert "Take back" not in held.page()
    for verb, reason in (("decline", "has_it"), ("hold", "by_mistake")):
        page = held.act(verb, school="larkspur", reason=reason)
        assert "Released already by rita@firststep.example on " in page
        assert "ithdraw" in page
    assert held.outcomes() == ["release", "hold"]


def test_release_is_taken_back_where_nothing_has_left_and_made_anew(held: Desk) -> None:
    held.act("release")
    assert "Take back" in held.page()
    assert "Held for Larkspur Institute" in held.act("hold", school="larkspur", reason="by_mistake")
    assert held.outcomes() == ["hold", "release"]
    assert (held.count(Lead), held.count(Delivery)) == (1, 1)
    assert "lead.taken_back" in kinds(held)
    held.act("release", school="larkspur")
    assert (held.count(Lead), held.count(Delivery)) == (2, 2)
    with database(held.app) as session:
        assert list(find_breaches(session)) == []


def test_release_that_a_worker_has_in_hand_is_not_taken_back(held: Desk) -> None:
    held.act("release", school="larkspur")
    with database(held.app) as session:
        assert claim_delivery(session, session.scalars(select(Delivery.id)).one(), 30)
        session.commit()
    assert "is leaving now" in held.act("hold", school="larkspur", reason="by_mistake")
    assert held.outcomes() == ["release", "hold"]


def test_release_that_waits_at_the_cap_can_be_taken_back(held: Desk) -> None:
    held.act("release", school="larkspur")
    with database(held.app) as session:
        session.execute(update(School).where(School.id == "larkspur").values(daily_cap=0))
        assert claim_delivery(session, session.scalars(select(Delivery.id)).one(), 30) is None
        session.commit()
    held.act("hold", school="larkspur", reason="by_mistake")
    assert held.outcomes() == ["hold", "hold"]
    with database(held.app) as session:
        assert list(find_breaches(session)) == []


def test_waiting_choices_are_set_aside_with_a_reason(held: Desk) -> None:
    assert "Held for Larkspur Institute, Bramble Institute" in held.act("hold", reason="ask_person", words="Ada calls")
    assert held.outcomes() == ["hold", "hold"]
    assert "We ask the person first" in held.page()
    assert "Ada calls" not in held.page()
    assert "We ask the person first" in held.rita.get("/desk").text


def test_second_reviewer_is_told_what_the_first_did_and_changes_nothing(held: Desk) -> None:
    max_ = sign_in(held.app, "max@firststep.example", RoleName.reviewer)
    seen = re.search(r'name="seen" value="(\d+)"', held.page())
    assert seen
    held.act("decline", school="larkspur", reason="not_genuine")
    told = "Declined already by rita@firststep.example on "
    path = f"/desk/inquiries/{held.reference}"
    for fields in ({"school": "larkspur"}, {}):
        assert told in follow(max_, f"{path}/release", {"seen": seen[1]} | fields).text
    page = follow(max_, f"{path}/hold", {"seen": seen[1], "school": "larkspur", "reason": "second_look"}).text
    assert told in page
    assert held.outcomes() == ["decline", "hold"]
    assert told in follow(max_, f"{path}/decline", {"school": "larkspur", "reason": "has_it"}).text
    assert held.count(Verdict) == 3
    # what the second saw of the other school is still so
    assert "Released to Bramble" in follow(max_, f"{path}/release", {"seen": seen[1], "school": "bramble"}).text


def test_school_that_was_not_chosen_cannot_be_released(held: Desk) -> None:
    with database(held.app) as session:
        inquiry = session.scalars(select(Inquiry.id)).one()
        session.add(Choice(inquiry_id=inquiry, school_id="harebell", rank=3, ticked=False))
        session.commit()
    for school in ("harebell", "nowhere"):
        answer = held.rita.post(f"/desk/inquiries/{held.reference}/release", data={"school": school})
        assert answer.status_code == 404
    assert held.count(Lead) == 0


def test_withdrawn_choice_is_not_released_even_by_an_old_page(held: Desk) -> None:
    held.act("withdraw", school="larkspur", reason="wrote_to_us")
    for verb, reason in (("hold", "ask_person"), ("decline", "has_it")):
        assert "consent was withdrawn" in held.act(verb, school="larkspur", reason=reason)
    assert "withdrawn her consent" in held.act("release", school="larkspur")
    held.act("release")
    with database(held.app) as session:
        assert [lead.school_id for lead in session.scalars(select(Lead))] == ["bramble"]


def test_staff_withdraw_from_all_and_only_once(sent: Desk) -> None:
    assert "Choose a reason" in sent.act("withdraw")
    assert "Withdrawn from Larkspur Institute" in sent.act("withdraw", reason="called_us", words="Ada is ill")
    assert read_delivery(sent) == (State.cancelled, "withdrawn")
    assert "Withdrawn already by rita@firststep.example on " in sent.act("withdraw", reason="called_us")
    assert kinds(sent).count("consent.withdrawn") == 1
    assert "The person called us" in sent.page()
    assert "Ada is ill" not in sent.page()
