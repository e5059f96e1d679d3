"""The desk: everything about an inquiry, her data only on asking, and each decision once."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.delivery.claim import claim_delivery
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Attempt,
    Base,
    Choice,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    Event,
    Inquiry,
    Lead,
    Offering,
    Outcome,
    School,
    State,
    Subject,
    Verdict,
)
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import database, settle, sign_in

PERSONAL = ("Ada Example", "ada@mail.example", "555-0142", "5550142", "192.0.2.10")


@dataclass(frozen=True)
class Desk:
    """Rita at the desk, with one inquiry before her."""

    app: Flask
    rita: FlaskClient
    reference: str

    def page(self, path: str = "") -> str:
        answer = self.rita.get(f"/desk/inquiries/{self.reference}{path}")
        assert answer.status_code == 200
        return answer.text

    def act(self, verb: str, **fields: str) -> str:
        """Press a button of the inquiry's page; gives the page after it."""
        return follow(self.rita, f"/desk/inquiries/{self.reference}/{verb}", fields).text

    def outcomes(self) -> list[Outcome | None]:
        with database(self.app) as session:
            return list(session.scalars(select(Choice.outcome).order_by(Choice.rank)))

    def count(self, model: type[Base]) -> int:
        with database(self.app) as session:
            return len(session.scalars(select(model)).all())


def follow(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)


def make_desk(app: Flask, *schools: str, trap: str = "") -> Desk:
    with database(app) as session:
        reference = send_inquiry(session, list(schools), trap=trap).reference
    return Desk(app, sign_in(app, "rita@firststep.example", RoleName.reviewer), reference)


@pytest.fixture
def schools(app: Flask) -> None:
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        add_school(session, "harebell", kind=EndpointKind.form_post)


@pytest.fixture
def held(app: Flask, schools: None) -> Desk:
    """An inquiry to two schools that screening held."""
    return make_desk(app, "larkspur", "bramble", trap="filled")


@pytest.fixture
def sent(app: Flask, schools: None) -> Desk:
    """An inquiry that was released to Larkspur."""
    return make_desk(app, "larkspur")


def settle_only(desk: Desk, state: State, reason: str | None = None) -> int:
    with database(desk.app) as session:
        delivery = settle(session, session.scalars(select(Lead)).one(), state, reason)
        session.commit()
        return delivery.id


def read_delivery(desk: Desk) -> Any:
    with database(desk.app) as session:
        return session.execute(select(Delivery.state, Delivery.reason)).one()


def test_every_page_reads_without_writing(held: Desk) -> None:
    before = dump(held.app)
    pages = ["", *(f"?bin={each}" for each in ("held", "uncertain", "failed", "endpoints", "withdrawals", "returns"))]
    pages += [f"/inquiries/{held.reference}", f"/inquiries/{held.reference}/why-not", "/schools", "/schools/larkspur"]
    for path in pages:
        answer = held.rita.get(f"/desk{path}")
        assert answer.status_code == 200, path
        assert not [word for word in PERSONAL if word in answer.text], path
    assert dump(held.app) == before


def dump(app: Flask) -> dict[str, list[str]]:
    with database(app) as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


def test_worklist_leads_to_the_held_inquiry_and_says_why(held: Desk) -> None:
    page = held.rita.get("/desk").text
    assert f"/desk/inquiries/{held.reference}" in page
    assert "A field that people cannot see was filled in" in page


def test_unknown_bin_inquiry_school_and_rule_are_not_found(held: Desk) -> None:
    for path in (
        "?bin=mine",
        "/inquiries/LG-0000-0000",
        "/schools/nowhere",
        f"/inquiries/{held.reference}/why-not?rule=x",
    ):
        assert held.rita.get(f"/desk{path}").status_code == 404, path


def test_page_number_out_of_range_gives_the_nearest_page(held: Desk) -> None:
    for page in ("0", "-1", "99999999999999999999", "two", "²"):
        assert held.reference in held.rita.get(f"/desk?page={page}").text


def test_inquiry_page_tells_everything_but_who(held: Desk) -> None:
    page = held.page()
    for words in (
        "60601 Chicago, IL",
        "A field that people cannot see was filled in",
        "In Chicago, where you live",
        "Larkspur Institute may contact me by email and phone call",
        "chain verified",
        "Release 2 leads",
    ):
        assert words in page, words


def test_revealing_is_a_post_that_is_written_down_and_lasts_one_page(held: Desk) -> None:
    answer = held.rita.post(f"/desk/inquiries/{held.reference}/reveal")
    assert answer.headers["Cache-Control"] == "no-store"
    for words in ("Ada Example", "ada@mail.example", "(312) 555-0142", "192.0.2.10", "Contact details shown"):
        assert words in answer.text, words
    assert "by rita@firststep.example" in answer.text
    assert not [word for word in PERSONAL if word in held.page()]
    assert kinds(held).count("contact.revealed") == 1
    assert held.rita.get(f"/desk/inquiries/{held.reference}/reveal").status_code == 405


def kinds(desk: Desk) -> list[str]:
    with database(desk.app) as session:
        inquiry = session.scalars(select(Inquiry.id).where(Inquiry.reference == desk.reference)).one()
        return [event.kind for event in read_history(session, Subject.inquiry, inquiry)]


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


@pytest.mark.parametrize(("answer", "state"), [("received", State.delivered), ("not_received", State.pending)])
def test_uncertain_delivery_is_settled_once(sent: Desk, answer: str, state: State) -> None:
    delivery = settle_only(sent, State.uncertain, "timed out")
    assert "Did Larkspur Institute get it?" in sent.page()
    path, fields = f"/desk/deliveries/{delivery}/resolve", {"answer": answer, "reason": "school_said"}
    assert "Settled: the school" in follow(sent.rita, path, fields).text
    assert read_delivery(sent).state is state
    again = follow(sent.rita, path, fields).text
    assert "Nothing was changed. Settled: the school" in again
    assert "by rita@firststep.example on " in again
    assert sum(kind.startswith("delivery.resolved") for kind in kinds(sent)) == 1


def test_settling_needs_a_reason_from_the_list_and_a_plain_answer(sent: Desk) -> None:
    delivery = settle_only(sent, State.uncertain)
    path = f"/desk/deliveries/{delivery}/resolve"
    assert "Choose a reason" in follow(sent.rita, path, {"answer": "received", "reason": "Ada said so"}).text
    assert sent.rita.post(path, data={"answer": "maybe", "reason": "school_said"}).status_code == 400
    assert read_delivery(sent).state is State.uncertain


def test_failed_delivery_goes_out_again_once(sent: Desk) -> None:
    delivery = settle_only(sent, State.failed, "the school's server answered 422")
    assert "server answered 422" in sent.page()
    path, fields = f"/desk/deliveries/{delivery}/redeliver", {"reason": "school_mended"}
    assert "goes out again" in follow(sent.rita, path, fields).text
    assert read_delivery(sent).state is State.pending
    assert "This delivery is pending by now" in follow(sent.rita, path, fields).text
    assert kinds(sent).count("delivery.redelivered") == 1


def test_withdrawn_lead_is_never_sent_again(sent: Desk) -> None:
    delivery = settle_only(sent, State.failed, "422")
    sent.act("withdraw", reason="called_us")
    answer = follow(sent.rita, f"/desk/deliveries/{delivery}/redeliver", {"reason": "school_asked"})
    assert "withdrawn her consent" in answer.text
    assert read_delivery(sent).state is State.failed


def test_schools_answer_is_shown_only_after_revealing_escaped_and_cut(sent: Desk) -> None:
    settle_only(sent, State.failed, "422")
    with database(sent.app) as session:
        contact = session.scalars(select(Inquiry)).one().contact
        key = open_vault().open_key(contact.wrapped_key, f"contact:{sent.reference}")
        text = "<img src=x> Ada Example unknown " + "x" * 1100 + "THE END"
        session.execute(update(Attempt).values(answer_sealed=key.seal(text, "answer")))
        session.commit()
    assert "unknown" not in sent.page()
    revealed = sent.rita.post(f"/desk/inquiries/{sent.reference}/reveal").text
    assert "&lt;img src=x&gt; Ada Example unknown" in revealed
    assert "THE END" not in revealed


def test_school_told_by_hand_leaves_the_worklist(app: Flask, schools: None) -> None:
    desk = make_desk(app, "harebell")
    settle_only(desk, State.delivered)
    desk.act("withdraw", reason="called_us")
    page = desk.rita.get("/desk?bin=withdrawals").text
    assert "I told the school" in page
    with database(app) as session:
        lead = session.scalars(select(Lead.reference)).one()
    told = f"/desk/leads/{lead}/told"
    for reason in ("", "because", "other"):
        assert "Nothing was changed" in follow(desk.rita, told, {"reason": reason}).text
    assert "I told the school" in desk.rita.get("/desk?bin=withdrawals").text
    assert "Written down" in follow(desk.rita, told, {"reason": "called_school", "words": "Spoke to Max Example"}).text
    assert "I told the school" not in desk.rita.get("/desk?bin=withdrawals").text
    assert "told already" in follow(desk.rita, told, {"reason": "called_school"}).text
    assert "We called the school" in desk.page()
    assert "Max Example" not in desk.page()


def test_endpoint_is_paused_and_resumed_once_each(sent: Desk) -> None:
    with database(sent.app) as session:
        endpoint = session.scalars(select(Endpoint.id).where(Endpoint.school_id == "larkspur")).one()
    for verb, said, again in (("pause", "is paused", "paused by now"), ("resume", "is live", "live by now")):
        path = f"/desk/endpoints/{endpoint}/{verb}"
        assert "Choose a reason first" in follow(sent.rita, path, {}).text
        assert said in follow(sent.rita, path, {"reason": "school_wishes"}).text
        page = follow(sent.rita, path, {"reason": "our_decision"}).text
        assert again in page
        assert "By rita@firststep.example on " in page
    with database(sent.app) as session:
        assert session.get_one(Endpoint, endpoint).state is EndpointState.live
        kinds_of_school = [event.kind for event in read_history(session, Subject.school, "larkspur")]
    assert kinds_of_school == ["endpoint.paused", "endpoint.resumed"]


def test_search_goes_to_the_inquiry_and_keeps_personal_data_out_of_addresses(sent: Desk) -> None:
    for text in (sent.reference.lower(), "ADA@mail.example", "312 555 0142"):
        answer = sent.rita.post("/desk/search", data={"q": text})
        assert answer.location == f"/desk/inquiries/{sent.reference}"
    nothing = sent.rita.post("/desk/search", data={"q": "eve@mail.example"})
    assert "Nothing found" in nothing.text
    assert "eve@mail.example" not in nothing.text
    assert sent.rita.get("/desk/search?q=x").status_code == 405


def test_search_lists_all_inquiries_of_one_address(sent: Desk) -> None:
    with database(sent.app) as session:
        other = send_inquiry(session, ["bramble"], Prospect(phone="+13125550199")).reference
    page = sent.rita.post("/desk/search", data={"q": "ada@mail.example"}).text
    assert sent.reference in page
    assert other in page
    assert "ada@mail.example" not in page


def test_why_not_names_the_rule_and_filters_by_it(sent: Desk) -> None:
    with database(sent.app) as session:
        add_far_school(session)
    page = sent.page("/why-not?rule=distance")
    assert "Faraway Institute" in page
    assert "miles asked for" in page
    assert "Larkspur Institute" not in page
    assert "Faraway Institute" not in sent.page("/why-not?rule=fits")


def add_far_school(session: Session) -> None:
    school = add_school(session, "faraway")
    angeles = {"latitude": 34.05, "longitude": -118.24}
    session.execute(update(Offering).where(Offering.school_id == school.id).values(angeles))
    session.commit()


def test_broken_chain_is_shown_in_red(sent: Desk) -> None:
    with database(sent.app) as session:
        session.execute(update(Event).where(Event.number == 1).values(actor="nobody"))
        session.commit()
    page = sent.page()
    assert "chain broken" in page
    assert "was altered" in page


def test_returned_lead_shows_its_reason_and_its_note_only_when_revealed(sent: Desk) -> None:
    settle_only(sent, State.delivered)
    with database(sent.app) as session:
        lead = session.scalars(select(Lead)).one()
        return_lead(session, open_vault(), lead, ReturnReason.duplicate, "Ada came in May", "user:1")
        session.commit()
    page = sent.page()
    assert "The school knew this person already" in page
    assert "Ada came in May" not in page
    assert "Ada came in May" in sent.rita.post(f"/desk/inquiries/{sent.reference}/reveal").text
    assert sent.reference in sent.rita.get("/desk?bin=returns").text


def test_erased_person_is_not_shown_and_breaks_no_page(held: Desk) -> None:
    with database(held.app) as session:
        contact = session.scalars(select(Inquiry)).one().contact
        contact.wrapped_key = contact.sealed = None
        session.commit()
    assert "personal data was erased" in held.page()
    assert "erased" in held.act("reveal")
    assert "erased" in held.act("release")
    assert held.count(Lead) == 0
    assert "erased" in held.act("decline", reason="has_it")
    assert held.outcomes() == ["hold", "hold"]


def test_withdrawal_by_her_is_seen_at_the_desk(sent: Desk) -> None:
    with database(sent.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
    assert "Consent withdrawn</strong> by the prospect" in sent.page()


def test_school_list_is_filtered_by_name_and_shows_how_it_receives(sent: Desk) -> None:
    page = sent.rita.get("/desk/schools?name=LARK").text
    assert "Larkspur Institute" in page
    assert "webhook" in page
    assert "Bramble" not in page
    assert "No school is left by this filter" in sent.rita.get("/desk/schools?name=%25").text
