"""The portal: a school reads its own leads, says its word on them, and never sees another school's."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Base, Delivery, Disposition, DispositionReport, EndpointKind, Lead, School, State
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import database, settle, sign_in

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


def dump(app: Flask) -> dict[str, list[str]]:
    with database(app) as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


def test_inbox_lists_the_lead_without_personal_data(portal: Portal) -> None:
    page = portal.lou.get("/portal").text
    assert portal.reference in page
    assert "Chicago, IL" in page
    assert not [word for word in PERSONAL if word in page]


def test_lead_page_says_who_what_how_and_when_and_writes_nothing(portal: Portal) -> None:
    before = dump(portal.app)
    page = portal.lou.get(portal.address).text
    assert "Ada Example" in page
    assert "ada@mail.example" in page
    assert "(312) 555-0142" in page
    assert "email and phone call, and by no other way" in page
    assert "Evenings" in page
    assert "Larkspur Institute may contact me by email and phone call" in page
    assert dump(portal.app) == before


def test_contact_times_are_told_in_both_zones(portal: Portal) -> None:
    with database(portal.app) as session:
        session.get_one(School, "larkspur").timezone = "America/Los_Angeles"
        session.commit()
    page = portal.lou.get(portal.address).text
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
    page = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur").get(f"/portal/leads/{reference}").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
