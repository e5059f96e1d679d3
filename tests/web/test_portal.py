"""The portal: a school reads its own leads, says its word on them, and never sees another school's."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen import history
from leadgen.accounts.roles import RoleName
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Delivery,
    Disposition,
    DispositionReport,
    EndpointKind,
    Inquiry,
    Lead,
    School,
    State,
    Subject,
)
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import PASSWORD, database, dump, settle, sign_in

PERSONAL = ("Ada Example", "ada@mail.example", "555-0142", "5550142")


@dataclass(frozen=True)
class Portal:
    """Lou of Larkspur, and the lead that reached Larkspur."""

    app: Flask
    lou: FlaskClient
    reference: str

    @property
    def address(self) -> str:
        return f"/portal/leads/{self.reference}"

    def read_disposition(self) -> Disposition | None:
        with database(self.app) as session:
            return session.scalars(select(Lead.disposition)).one()


@pytest.fixture
def portal(app: Flask) -> Portal:
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.portal, address=None, secret=None)
        add_school(session, "bramble")
        send_inquiry(session, ["larkspur"])
        lead = session.scalars(select(Lead)).one()
        settle(session, lead, State.delivered)
        session.commit()
        reference = lead.reference
    return Portal(app, sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur"), reference)


@pytest.fixture
def charlie(portal: Portal) -> FlaskClient:
    """Somebody at another school."""
    return sign_in(portal.app, "charlie@bramble.example", RoleName.owner, "bramble")


def test_inbox_lists_the_lead_without_personal_data(portal: Portal) -> None:
    page = portal.lou.get("/portal").text
    assert portal.reference in page
    assert "Chicago, IL" in page
    assert not [word for word in PERSONAL if word in page]


def read_openings(app: Flask) -> list[str]:
    """Who opened the lead, as the history has it."""
    with database(app) as session:
        lead = session.scalars(select(Lead)).one()
        events = history.read_history(session, Subject.inquiry, lead.inquiry_id)
        found = [event for event in events if event.kind == "contact.opened"]
        assert all(event.data == {"school": "larkspur", "lead": lead.reference} for event in found)
        assert list(find_breaches(session)) == []
        return [event.actor for event in found]


def test_lead_page_hides_who_it_is_until_it_is_opened_and_writes_nothing(portal: Portal) -> None:
    before = dump(portal.app)
    page = portal.lou.get(portal.address).text
    assert "Somebody in Chicago, IL" in page
    assert "by email and phone call" in page
    assert not [word for word in (*PERSONAL, "Evenings") if word in page]
    assert "new" in portal.lou.get("/portal").text
    assert dump(portal.app) == before


def test_opening_is_an_event_once_for_each_sign_in_and_colleagues_see_who_was_first(portal: Portal) -> None:
    for _ in range(2):
        page = portal.lou.post(f"{portal.address}/open", follow_redirects=True).text
        assert "Ada Example" in page
        assert "Ada Example" in portal.lou.get(portal.address).text, "it stays open"
    assert len(read_openings(portal.app)) == 1
    assert "opened" in portal.lou.get("/portal").text
    cora = sign_in(portal.app, "cora@larkspur.example", RoleName.counsellor, "larkspur")
    page = cora.get(portal.address).text
    assert "Opened first by lou@larkspur.example on " in page
    assert not [word for word in PERSONAL if word in page]
    page = cora.post(f"{portal.address}/open", follow_redirects=True).text
    assert "Ada Example" in page
    assert "Opened first by lou@larkspur.example on " in page
    assert len(set(read_openings(portal.app))) == len(read_openings(portal.app)) == 2
    portal.lou.post("/logout")
    again = portal.app.test_client()
    again.post("/login", data={"email": "lou@larkspur.example", "password": PASSWORD})
    assert portal.reference in again.get("/portal").text
    assert not [word for word in PERSONAL if word in again.get(portal.address).text], "a new sign-in looks anew"


def test_who_may_only_read_sees_no_contact_details(portal: Portal) -> None:
    ray = sign_in(portal.app, "ray@larkspur.example", RoleName.school_reader, "larkspur")
    assert ray.post(f"{portal.address}/open").status_code == 403
    portal.lou.post(f"{portal.address}/open")
    page = ray.get(portal.address).text
    assert "Your role reads leads without names and contact details" in page
    assert "Accept this lead" not in page
    assert not [word for word in PERSONAL if word in page]
    assert len(read_openings(portal.app)) == 1


def test_desk_reads_who_of_the_school_opened_it(portal: Portal) -> None:
    portal.lou.post(f"{portal.address}/open")
    with database(portal.app) as session:
        inquiry = session.scalars(select(Inquiry.reference)).one()
    page = sign_in(portal.app, "rita@firststep.example", RoleName.reviewer).get(f"/desk/inquiries/{inquiry}").text
    assert "Contact details opened by the school</strong> by lou@larkspur.example" in page


def test_lead_page_says_who_what_how_and_when(portal: Portal) -> None:
    portal.lou.post(f"{portal.address}/open")
    page = portal.lou.get(portal.address).text
    assert "Ada Example" in page
    assert "ada@mail.example" in page
    assert "(312) 555-0142" in page
    assert "email and phone call, and by no other way" in page
    assert "Evenings" in page
    assert "Larkspur Institute may contact me by email and phone call" in page


def test_contact_times_are_told_in_both_zones(portal: Portal) -> None:
    with database(portal.app) as session:
        session.get_one(School, "larkspur").timezone = "America/Los_Angeles"
        session.commit()
    page = portal.lou.post(f"{portal.address}/open", follow_redirects=True).text
    assert "5 to 9 PM C" in page
    assert "3 to 7 PM P" in page


def test_charlie_gets_a_404_from_every_route_about_the_lead(portal: Portal, charlie: FlaskClient) -> None:
    before = dump(portal.app)
    asked = [
        rule
        for rule in portal.app.url_map.iter_rules()
        if "<reference>" in rule.rule and rule.rule.startswith("/portal/")
    ]
    assert len(asked) >= 3
    for rule in asked:
        address = rule.rule.replace("<reference>", portal.reference)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = charlie.open(address, method=method, data={"reason": "other", "school": "larkspur"})
            assert answer.status_code == 404, rule
            assert not [word for word in PERSONAL if word in answer.text]
    assert dump(portal.app) == before


def test_charlies_inbox_is_empty_whatever_the_address_says(portal: Portal, charlie: FlaskClient) -> None:
    for query in ("", "?school=larkspur", "?school_id=larkspur"):
        page = charlie.get(f"/portal{query}").text
        assert portal.reference not in page
        assert "No leads yet" in page


def test_lead_that_has_not_reached_the_school_does_not_exist_for_it(portal: Portal) -> None:
    with database(portal.app) as session:
        session.scalars(select(Delivery)).one().state = State.pending
        session.commit()
    assert portal.lou.get(portal.address).status_code == 404


def test_accepting_is_told_and_counts_once(portal: Portal) -> None:
    for _ in range(2):
        answer = portal.lou.post(f"{portal.address}/accept", follow_redirects=True)
        assert "You accepted this lead" in answer.text
    assert portal.read_disposition() is Disposition.accepted
    with database(portal.app) as session:
        assert len(session.scalars(select(DispositionReport)).all()) == 1
    assert "Accept this lead" not in portal.lou.get(portal.address).text


def test_return_needs_one_of_our_reasons(portal: Portal) -> None:
    for reason in ("", "because", "WRONG_NUMBER"):
        answer = portal.lou.post(f"{portal.address}/return", data={"reason": reason}, follow_redirects=True)
        assert "Choose a reason" in answer.text
    assert portal.read_disposition() is None


def test_returned_lead_says_so_and_takes_no_second_return(portal: Portal) -> None:
    fields = {"reason": "wrong_number", "note": "Ada's number rings nowhere"}
    answer = portal.lou.post(f"{portal.address}/return", data=fields, follow_redirects=True)
    assert "You returned this lead" in answer.text
    assert "The number or address is wrong" in answer.text
    again = portal.lou.post(f"{portal.address}/return", data=fields, follow_redirects=True)
    assert "returned already" in again.text
    with database(portal.app) as session:
        assert len(session.scalars(select(DispositionReport)).all()) == 1


def test_withdrawn_lead_shows_no_contact_data_and_no_buttons(portal: Portal) -> None:
    with database(portal.app) as session:
        withdraw_inquiry(session, session.scalars(select(Lead)).one().inquiry_id, None, "prospect")
        session.commit()
    refused = portal.lou.post(f"{portal.address}/open", follow_redirects=True)
    assert "This request was withdrawn" in refused.text
    assert read_openings(portal.app) == []
    page = portal.lou.get(portal.address).text
    assert "Withdrawn, do not contact" in page
    assert not [word for word in PERSONAL if word in page]
    assert "/accept" not in page
    assert "/return" not in page
    assert "withdrawn, do not contact" in portal.lou.get("/portal").text
    refused = portal.lou.post(f"{portal.address}/accept", follow_redirects=True)
    assert "This request was withdrawn" in refused.text
    assert portal.read_disposition() is None


def test_hostile_name_stays_text(app: Flask) -> None:
    with database(app) as session:
        add_school(session, "larkspur")
        send_inquiry(session, ["larkspur"], Prospect(name="<script>alert(1)</script>"))
        lead = session.scalars(select(Lead)).one()
        settle(session, lead, State.delivered)
        session.commit()
        reference = lead.reference
    lou = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    page = lou.post(f"/portal/leads/{reference}/open", follow_redirects=True).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_school_says_how_it_goes_by_one_row_of_buttons(portal: Portal) -> None:
    page = portal.lou.get(portal.address).text
    assert all(words in page for words in ("We reached this person", "Wrong number or address", "This person enrolled"))
    answer = portal.lou.post(f"{portal.address}/report", data={"word": "applied"}, follow_redirects=True)
    assert "Written down: This person applied." in answer.text
    assert portal.read_disposition() is Disposition.applied
    assert "We reached this person" not in answer.text
    answer = portal.lou.post(f"{portal.address}/report", data={"word": "reached"}, follow_redirects=True)
    assert "You reported “applied” for this lead, and that stays." in answer.text
    assert portal.read_disposition() is Disposition.applied


def test_a_word_that_no_button_has_changes_nothing(portal: Portal, charlie: FlaskClient) -> None:
    answer = portal.lou.post(f"{portal.address}/report", data={"word": "returned"}, follow_redirects=True)
    assert "Choose one of the buttons." in answer.text
    assert charlie.post(f"{portal.address}/report", data={"word": "enrolled"}).status_code == 404
    assert portal.read_disposition() is None
