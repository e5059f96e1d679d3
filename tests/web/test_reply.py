"""The buttons in a lead's letter: whoever has the letter says how it goes, once, without signing in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Contact, Delivery, DispositionReport, Endpoint, EndpointKind, Lead, State, Subject
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import database, dump, settle

PERSONAL = ("Ada", "ada@mail.example", "555-0142", "5550142", "60601", "Chicago", "larkspur.example")


@dataclass(frozen=True)
class Office:
    """Whoever reads the mail of Larkspur, and the addresses of the buttons in the letter that came."""

    app: Flask
    client: FlaskClient
    buttons: dict[str, str]

    def read_words(self) -> list[str]:
        with database(self.app) as session:
            query = select(DispositionReport).order_by(DispositionReport.number)
            return [report.disposition.value for report in session.scalars(query)]

    def read_actors(self) -> dict[str, str]:
        with database(self.app) as session:
            inquiry = session.scalars(select(Lead.inquiry_id)).one()
            return {event.kind: event.actor for event in read_history(session, Subject.inquiry, inquiry)}


@pytest.fixture
def send(app: Flask) -> Callable[[State], Office]:
    """Send Larkspur a lead by mail."""

    def send_lead(state: State) -> Office:
        with database(app) as session:
            address = "admissions@larkspur.example"
            add_school(session, "larkspur", kind=EndpointKind.email, address=address, secret=None)
            send_inquiry(session, ["larkspur"])
            delivery = settle(session, session.scalars(select(Lead)).one(), state)
            session.commit()
            letter = build_parcel(open_vault(), find_facts(session, delivery.id)).body.decode()
        found = re.findall(r"http://127.0.0.1:8000(/reply/\S+/(\w+))", letter)
        return Office(app, app.test_client(), {word: address for address, word in found})

    return send_lead


@pytest.fixture
def office(send: Callable[[State], Office]) -> Office:
    return send(State.delivered)


def test_letter_has_a_button_for_each_word(office: Office) -> None:
    assert list(office.buttons) == ["reached", "wrong_number", "applied", "enrolled", "return"]


@pytest.mark.parametrize("word", ["reached", "wrong_number", "applied", "enrolled", "return"])
def test_opening_a_button_changes_nothing_and_shows_nobody(office: Office, word: str) -> None:
    before = dump(office.app)
    for _ in range(3):
        answer = office.client.get(office.buttons[word])
        assert answer.status_code == 200
    office.client.head(office.buttons[word])
    assert dump(office.app) == before
    assert "Medical billing and coding" in answer.text
    assert 'content="noindex"' in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert not [each for each in PERSONAL if each in answer.text + office.buttons[word]]


@pytest.mark.parametrize(
    ("word", "disposition"),
    [("reached", "contacted"), ("wrong_number", "unreachable"), ("applied", "applied"), ("enrolled", "enrolled")],
)
def test_pressing_it_writes_the_word_down_as_the_school_by_letter(office: Office, word: str, disposition: str) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = True  # the token in the address is the proof
    answer = office.client.post(office.buttons[word])
    assert (answer.status_code, answer.location) == (303, office.buttons[word])
    assert office.read_words() == [disposition]
    assert office.read_actors()[f"lead.{disposition}"] == "school:letter"
    assert "You told us so on" in office.client.get(office.buttons[word]).text


def test_second_press_is_told_what_was_said_and_when(office: Office) -> None:
    office.client.post(office.buttons["reached"])
    answer = office.client.post(office.buttons["reached"])
    assert answer.status_code == 409
    assert "We reached this person.</strong> You told us so on" in answer.text
    assert office.read_words() == ["contacted"]


def test_another_button_says_what_was_said_before(office: Office) -> None:
    office.client.post(office.buttons["reached"])
    assert "So far you told us “contacted”" in office.client.get(office.buttons["enrolled"]).text
    office.client.post(office.buttons["enrolled"])
    assert office.read_words() == ["contacted", "enrolled"]
    answer = office.client.post(office.buttons["return"], data={"reason": "duplicate"})
    assert answer.status_code == 409
    assert "cannot be returned" in answer.text


def test_a_return_asks_for_a_reason_and_seals_the_note(office: Office) -> None:
    answer = office.client.post(office.buttons["return"], data={"note": "Ada said no"})
    assert "Choose a reason for the return. Nothing was changed." in answer.text
    assert office.read_words() == []
    office.client.post(office.buttons["return"], data={"reason": "wrong_number", "note": "Ada said no"})
    assert office.read_words() == ["returned"]
    with database(office.app) as session:
        report = session.scalars(select(DispositionReport)).one()
        assert (report.actor, report.reason) == ("school:letter", "wrong_number")
        assert report.note_sealed is not None
        assert b"Ada" not in report.note_sealed
    assert "Please do not contact this person." in office.client.get(office.buttons["return"]).text


def test_an_answer_shows_that_the_letter_arrived(send: Callable[[State], Office]) -> None:
    office = send(State.uncertain)
    office.client.get(office.buttons["reached"])
    with database(office.app) as session:
        assert session.scalars(select(Delivery.state)).one() is State.uncertain
    office.client.post(office.buttons["reached"])
    with database(office.app) as session:
        assert session.scalars(select(Delivery.state)).one() is State.delivered
        assert list(find_breaches(session)) == []
    assert office.read_actors()["delivery.resolved_received"] == "school:letter"


def withdraw(office: Office) -> None:
    with database(office.app) as session:
        withdraw_inquiry(session, session.scalars(select(Lead.inquiry_id)).one(), None, "prospect")
        session.commit()


def change(office: Office, model: type, **values: object) -> None:
    with database(office.app) as session:
        session.execute(update(model).values(**values))
        session.commit()


def age(office: Office) -> None:
    with database(office.app) as session:
        lead = session.scalars(select(Lead)).one()
        lead.released_at -= timedelta(days=61)
        session.commit()


REVOKED = {
    "withdrawn": (withdraw, "This request was withdrawn. Do not contact this person."),
    "erased": (lambda office: change(office, Contact, wrapped_key=None, sealed=None), "The personal data was erased."),
    "moved": (lambda office: change(office, Endpoint, address="new@larkspur.example"), "no longer receives at"),
    "old": (age, "This link has run out."),
}


@pytest.mark.parametrize("how", REVOKED)
def test_a_button_is_dead_once_she_withdrew_or_was_erased_or_the_address_changed(office: Office, how: str) -> None:
    revoke, words = REVOKED[how]
    revoke(office)
    for word, address in office.buttons.items():
        for method in ("GET", "POST"):
            answer = office.client.open(address, method=method, data={"reason": "other"} if word == "return" else None)
            assert (answer.status_code, words in answer.text) == (410, True), (word, method)
    assert office.read_words() == []


def test_another_order_of_endpoints_leaves_the_buttons_alive(office: Office) -> None:
    change(office, Endpoint, position=3, version=9)
    assert office.client.get(office.buttons["reached"]).status_code == 200


def test_an_altered_button_is_not_ours(office: Office) -> None:
    address = office.buttons["reached"]
    token = address.split("/")[2]
    lead, endpoint, digest, mac = token.split("-")
    for odd in (f"{lead}-9-{digest}-{mac}", f"{lead}-{endpoint}-{digest}-{mac[::-1]}", f"LD-{endpoint}-a-b", "x"):
        answer = office.client.post(address.replace(token, odd))
        assert answer.status_code == 410
        assert "not one of ours" in answer.text
    assert office.client.get(address.replace("/reached", "/anything")).status_code == 404


def test_presses_are_limited_by_address(make_app: Callable[..., Flask]) -> None:
    client = make_app(rate_limits="true").test_client()
    answers = [client.get("/reply/x/reached").status_code for _ in range(61)]
    assert answers[-2:] == [410, 429]
