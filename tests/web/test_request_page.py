"""Her own page: how things stand at each school, and the way to take it back."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.extensions import current_settings
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Choice, Consent, Delivery, Disposition, Event, Inquiry, Lead, Outcome, State, Subject
from leadgen.tokens import make_request_token
from tests.inquiries import add_school, send_inquiry
from tests.web.visitor import Visitor


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """An inquiry to two schools."""
    add_school(session, "larkspur")
    add_school(session, "bramble")
    return send_inquiry(session, ["larkspur", "bramble"])


@pytest.fixture
def path(inquiry: Inquiry, session: Session) -> str:
    """The address of its page. The session is left without a transaction."""
    token = make_request_token(inquiry.reference, current_settings().secret_key.get_secret_value())
    session.rollback()
    return f"/request/{token}"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody with the link from the letter."""
    return Visitor(app)


def read_stages(page: str) -> list[str]:
    return re.findall(r'<span class="tag \w+">([^<]+)</span>', page)


def change(session: Session, statement: object) -> None:
    session.execute(statement)  # type: ignore[call-overload]
    session.commit()


def test_page_names_each_school_and_no_contact_data(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert "Larkspur Institute" in answer.text
    assert "Bramble Institute" in answer.text
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "60601") if word in answer.text]
    assert 'content="noindex"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.pending, "On its way"),
        (State.held, "On its way"),
        (State.uncertain, "Not sure yet"),
        (State.delivered, "Sent"),
        (State.failed, "Could not be sent"),
    ],
)
def test_state_of_a_delivery_is_told_in_words(
    visitor: Visitor, path: str, session: Session, state: State, words: str
) -> None:
    change(session, update(Delivery).where(Delivery.school_id == "larkspur").values(state=state))
    assert read_stages(visitor.get(path).text) == [words, "On its way"]


@pytest.mark.parametrize(
    ("word", "words"),
    [
        (Disposition.accepted, "Confirmed"),
        (Disposition.contacted, "Confirmed"),
        (Disposition.returned, "Returned"),
    ],
)
def test_word_of_the_school_is_told(
    visitor: Visitor, path: str, session: Session, word: Disposition, words: str
) -> None:
    change(session, update(Lead).where(Lead.school_id == "bramble").values(disposition=word))
    assert read_stages(visitor.get(path).text) == ["On its way", words]


@pytest.mark.parametrize(("outcome", "words"), [(Outcome.hold, "Being looked at"), (Outcome.decline, "Not sent")])
def test_request_without_a_lead_is_told(
    visitor: Visitor, session: Session, inquiry: Inquiry, outcome: Outcome, words: str
) -> None:
    held = send_inquiry(session, ["larkspur"])  # the same person again: held
    session.execute(update(Choice).where(Choice.inquiry_id == held.id).values(outcome=outcome))
    token = make_request_token(held.reference, current_settings().secret_key.get_secret_value())
    session.commit()
    assert read_stages(visitor.get(f"/request/{token}").text) == [words]


def test_timeline_tells_what_reached_whom(visitor: Visitor, path: str, session: Session, inquiry: Inquiry) -> None:
    facts = {"school": "larkspur", "about": "lead"}
    history.append(session, Subject.inquiry, inquiry.id, history.Line("delivery.delivered", "worker", facts))
    session.commit()
    page = visitor.get(path).text
    assert page.count("You sent your request") == 2
    assert page.count("Your details reached the school") == 1


def test_timeline_says_that_a_school_had_no_room(
    visitor: Visitor, path: str, session: Session, inquiry: Inquiry
) -> None:
    data = {"school": "larkspur", "about": "lead", "reason": "full"}
    history.append(session, Subject.inquiry, inquiry.id, history.Line("delivery.cancelled", "worker", data))
    session.commit()
    assert visitor.get(path).text.count("The school had no room for two days. Nothing was sent there") == 1


def test_withdrawing_from_one_school_leaves_the_other(visitor: Visitor, path: str, session: Session) -> None:
    answer = visitor.post(f"{path}/withdraw", {"school": "larkspur"})
    assert (answer.status_code, answer.location) == (303, path)
    page = visitor.get(path).text
    assert read_stages(page) == ["Withdrawn", "On its way"]
    assert "Withdraw from Larkspur" not in page
    states = {delivery.school_id: delivery.state for delivery in session.scalars(select(Delivery))}
    assert states == {"larkspur": State.cancelled, "bramble": State.pending}


def test_withdrawing_from_all_twice_is_once(visitor: Visitor, path: str, session: Session) -> None:
    for _ in range(2):
        assert visitor.post(f"{path}/withdraw", {"school": "*"}).status_code == 303
    events = session.scalars(select(Event).where(Event.kind == "consent.withdrawn")).all()
    assert [event.data["school"] for event in events] == ["larkspur", "bramble"]
    assert {event.actor for event in events} == {"prospect"}
    assert "Withdraw from all" not in visitor.get(path).text


def test_school_that_she_did_not_ask_changes_nothing(visitor: Visitor, path: str, session: Session) -> None:
    add_school(session, "stranger")
    assert visitor.post(f"{path}/withdraw", {"school": "stranger"}).status_code == 303
    assert visitor.post(f"{path}/withdraw", {}).status_code == 400
    assert session.scalars(select(Consent).where(Consent.withdrawn_at.is_not(None))).all() == []


def test_withdrawal_by_staff_shows_as_well(visitor: Visitor, path: str, session: Session, inquiry: Inquiry) -> None:
    withdraw_inquiry(session, inquiry.id, ["bramble"], "staff:1")
    session.commit()
    assert read_stages(visitor.get(path).text) == ["On its way", "Withdrawn"]


def test_opening_the_page_changes_nothing(visitor: Visitor, path: str, session: Session) -> None:
    before = now(session)
    session.rollback()
    visitor.get(path)
    visitor.get(f"{path}/withdraw")
    later = session.scalars(select(Event).where(Event.happened_at > before)).all()
    assert later == []
    assert visitor.answers[-1].status_code == 405


def test_withdrawing_asks_for_the_forms_token(visitor: Visitor, path: str, app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert visitor.post(f"{path}/withdraw", {"school": "*"}).status_code == 400
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(path).text)
    assert found
    assert visitor.post(f"{path}/withdraw", {"school": "*", "csrf_token": found[1]}).status_code == 303


@pytest.mark.parametrize("spoil", [lambda path: path[:-1], lambda path: path + "0", lambda path: "/request/LG"])
def test_wrong_token_finds_no_page(visitor: Visitor, path: str, spoil: object) -> None:
    wrong = spoil(path)  # type: ignore[operator]
    assert visitor.get(wrong).status_code == 404
    assert visitor.post(f"{wrong}/withdraw", {"school": "*"}).status_code == 404


def test_timeline_says_opened_reached_and_returned_in_kind_words(
    visitor: Visitor, path: str, inquiry: Inquiry, session: Session
) -> None:
    said = (
        ("contact.opened", {}, "The school opened it"),
        ("lead.contacted", {}, "The school says that it reached you"),
        ("delivery.delivered", {"about": "change"}, "The school was told what you changed"),
        ("lead.returned", {"reason": "not_eligible"}, "its entry rules ask for something else"),
        ("lead.returned", {"reason": "other"}, "The school gave it back to us"),
    )
    lines = [history.Line(kind, "user:7", {"school": "larkspur"} | data) for kind, data, _ in said]
    history.append(session, Subject.inquiry, inquiry.id, *lines)
    session.commit()
    page = visitor.get(path).text
    for _, _, words in said:
        assert page.count(words) == 1, words
    assert "user:7" not in page
