"""How she would like to be reached goes to the school; a slip in her address is pointed out, and stops nobody."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel, tell
from leadgen.models import Contact, Delivery, EndpointKind, Inquiry, Lead, State
from leadgen.vault import open_vault
from tests.inquiries import add_school
from tests.web.visitor import Visitor
from tests.web.workplace import database, settle, sign_in

WISHES = {"prefers": "text", "language": "es"}
Send = Callable[..., None]


@pytest.fixture
def visitor(app: Flask, session: Session) -> Visitor:
    add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
    return Visitor(app)


def send(visitor: Visitor, **details: object) -> None:
    visitor.send(visitor.reach_check("larkspur", **details))


def read_person(session: Session) -> dict[str, object]:
    facts = find_facts(session, session.scalars(select(Delivery.id)).one())
    return dict(json.loads(json.dumps(tell(open_vault(), facts)))["person"])


def test_her_wishes_go_with_the_lead_in_her_time_zone(visitor: Visitor, session: Session) -> None:
    send(visitor, ways=["email", "text"], **WISHES)
    person = read_person(session)
    assert (person["time_zone"], person["preferred_channel"], person["language"]) == (
        "America/Chicago",
        "text",
        "es",
    )
    letter = build_parcel(open_vault(), find_facts(session, session.scalars(select(Delivery.id)).one()))
    for words in ("Time zone:      America/Chicago", "Best way:       text message", "Would speak:    Spanish"):
        assert words in letter.body.decode(), words


def test_a_way_that_this_school_may_not_use_is_not_told_as_the_best(visitor: Visitor, session: Session) -> None:
    send(visitor, ways=["email"], **WISHES)
    assert read_person(session)["preferred_channel"] is None


def test_without_a_wish_nothing_is_told(visitor: Visitor, session: Session) -> None:
    send(visitor, prefers="", language="")
    person = read_person(session)
    assert (person["preferred_channel"], person["language"]) == (None, "en")


@pytest.mark.parametrize("wish", [{"prefers": "pigeon"}, {"language": "Klingon"}])
def test_a_wish_that_is_none_of_ours_is_asked_again(visitor: Visitor, wish: dict[str, str]) -> None:
    visitor.reach_list()
    visitor.tick("larkspur")
    assert visitor.give_details("larkspur", **wish).status_code == 422


def test_her_wishes_are_shown_back_and_the_school_reads_them(app: Flask, visitor: Visitor) -> None:
    token = visitor.reach_check("larkspur", ways=["email", "text"], **WISHES)
    page = visitor.get("/inquiry/check").text
    assert "By text message" in page
    assert "Spanish" in page
    visitor.send(token)
    with database(app) as session:
        lead = session.scalars(select(Lead)).one()
        settle(session, lead, State.delivered)
        session.commit()
        address = f"/portal/leads/{lead.reference}"
    lou = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    lou.post(f"{address}/open")
    page = lou.get(address).text
    assert "Best by text message." in page
    assert "Would like to speak Spanish." in page


def test_a_slip_in_her_address_is_pointed_out_and_stops_nobody(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur", email="ada@gmial.com")
    assert "Did you mean <strong>ada@gmail.com</strong>?" in visitor.get("/inquiry/check").text
    assert visitor.send(token).status_code == 303
    assert read_email(session) == "ada@gmial.com"


def test_the_button_puts_it_right_once(visitor: Visitor, session: Session) -> None:
    visitor.reach_check("larkspur", email="ada@gmial.com")
    for _ in range(2):
        answer = visitor.post("/inquiry/email")
        assert answer.location == "/inquiry/check"
        assert "gmail" not in answer.location
    assert "Did you mean" not in visitor.get("/inquiry/check").text
    visitor.send(visitor.read_token())
    assert read_email(session) == "ada@gmail.com"


def read_email(session: Session) -> str:
    session.rollback()
    contact = session.scalars(select(Contact)).one()
    key = open_vault().open_key(contact.wrapped_key, f"contact:{session.scalars(select(Inquiry.reference)).one()}")
    return str(key.open_json(contact.sealed or b"", "person")["email"])
