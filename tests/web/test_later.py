"""Save and finish later: a letter with the way back, on any device, for 30 days. Opening the link changes nothing."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import DefiniteNo
from leadgen.intake.draft import forget_expired
from leadgen.letters.compose import compose, find_recipient
from leadgen.letters.write import forget_recipients
from leadgen.models import Draft, Inquiry, Letter, State
from leadgen.vault import ErasedError, open_vault
from tests.inquiries import add_school
from tests.tasks.scripted_carrier import ScriptedCarrier, dispatcher_with
from tests.web.visitor import GOALS, PERSONAL, Visitor
from tests.web.workplace import database, dump

MAIL = "grace@mail.example"


@pytest.fixture
def visitor(app: Flask, session: Session) -> Visitor:
    add_school(session, "larkspur")
    return Visitor(app)


def read_link(app: Flask) -> str:
    """The path of the link in the last letter."""
    with database(app) as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "saved").order_by(Letter.id.desc())).first()
        assert letter is not None
        subject, text, html = compose(session, letter)
    found = re.search(r"(/inquiry/saved/[0-9a-f]{32})\n", text)
    assert found
    assert found[1] in html
    assert MAIL not in subject + text + html
    return found[1]


def test_from_any_step_a_letter_leads_back_on_another_device(app: Flask, visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.tick("larkspur")
    assert 'href="/inquiry/save"' in visitor.get("/inquiry/details").text
    answer = visitor.post("/inquiry/save", {"email": MAIL})
    assert (answer.status_code, answer.location) == (303, "/inquiry/saved")
    assert "The link is on its way" in visitor.get("/inquiry/saved").text
    elsewhere = Visitor(app)
    link = read_link(app)
    assert "Go on with my search" in elsewhere.get(link).text
    assert elsewhere.post(link).location == "/inquiry/details"
    assert "Your details for 1 school" in elsewhere.get("/inquiry/details").text
    # the first device has it no more, and says why that may be
    assert "on another device, by the link in our letter" in visitor.get("/inquiry/details").text


def test_opening_the_link_changes_nothing_and_it_works_again(app: Flask, visitor: Visitor) -> None:
    visitor.start()
    visitor.post("/inquiry/save", {"email": MAIL})
    link, before = read_link(app), dump(app)
    assert visitor.get(link).status_code == 200
    assert dump(app) == before
    for step in ("goals", "place"):
        again = Visitor(app)
        assert again.post(link).location == f"/inquiry/{step}"
        assert again.post("/inquiry/goals", GOALS).location == "/inquiry/place"


def test_the_address_is_sealed_and_the_token_is_kept_as_a_hash(app: Flask, visitor: Visitor, session: Session) -> None:
    visitor.start()
    visitor.post("/inquiry/save", {"email": MAIL})
    token = read_link(app).rpartition("/")[2]
    stored = repr(dump(app))
    assert MAIL not in stored
    assert token not in stored
    assert find_recipient(session, open_vault(), session.scalars(select(Letter)).one()) == MAIL
    assert all(word not in each.headers.get("Location", "") for each in visitor.answers for word in (*PERSONAL, MAIL))


def test_it_is_kept_for_thirty_days_whatever_she_does_with_it(app: Flask, visitor: Visitor, session: Session) -> None:
    visitor.start()
    visitor.post("/inquiry/save", {"email": MAIL})
    visitor.post("/inquiry/goals", GOALS)
    left = session.scalars(select(Draft.expires_at)).one() - now(session)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


def test_once_it_was_sent_the_link_says_so(app: Flask, visitor: Visitor) -> None:
    visitor.reach_check("larkspur")
    visitor.post("/inquiry/save", {"email": MAIL})
    link = read_link(app)
    visitor.send(visitor.read_token())
    with database(app) as session:
        assert session.scalars(select(Inquiry)).one()
    for answer in (visitor.get(link), visitor.post(link)):
        assert answer.status_code == 410
        assert "no longer open" in answer.text


@pytest.mark.parametrize("typed", ["", "grace", "grace at mail"])
def test_an_address_that_cannot_be_one_is_asked_again(visitor: Visitor, typed: str) -> None:
    visitor.start()
    answer = visitor.post("/inquiry/save", {"email": typed})
    assert answer.status_code == 422
    assert "Enter an email address" in answer.text


def test_a_search_has_three_letters_at_most_and_the_newest_link_counts(app: Flask, visitor: Visitor) -> None:
    visitor.start()
    links = []
    for _ in range(3):
        visitor.post("/inquiry/save", {"email": MAIL})
        links.append(read_link(app))
    answer = visitor.post("/inquiry/save", {"email": MAIL})
    assert answer.status_code == 429
    assert "three letters" in answer.text
    assert [Visitor(app).get(link).status_code for link in links] == [410, 410, 200]


@pytest.mark.parametrize("state", [State.pending, State.delivered])
def test_no_address_is_left_once_she_has_sent_it(app: Flask, visitor: Visitor, session: Session, state: State) -> None:
    visitor.reach_check("larkspur")
    visitor.post("/inquiry/save", {"email": MAIL})
    session.execute(update(Letter).values(state=state))
    session.commit()
    elsewhere = Visitor(app)
    elsewhere.start()
    elsewhere.post("/inquiry/save", {"email": MAIL})
    visitor.send(visitor.read_token())
    first, second = session.scalars(select(Letter).where(Letter.kind == "saved").order_by(Letter.id))
    assert_forgotten(session, first)
    assert first.state is (State.cancelled if state is State.pending else state)
    assert find_recipient(session, open_vault(), second) == MAIL


def test_no_address_is_left_once_the_answers_have_run_out(visitor: Visitor, session: Session) -> None:
    visitor.start()
    visitor.post("/inquiry/save", {"email": MAIL})
    assert forget_expired(session) == 0
    letter = session.scalars(select(Letter)).one()
    assert find_recipient(session, open_vault(), letter) == MAIL
    session.execute(update(Draft).values(expires_at=now(session)))
    assert forget_expired(session) == 1
    session.refresh(letter)
    assert_forgotten(session, letter)
    assert (letter.state, letter.reason) == (State.cancelled, "erased")


def test_a_letter_that_was_being_sent_is_not_tried_again_once_she_has_sent_it(
    app: Flask, visitor: Visitor, session: Session
) -> None:
    visitor.reach_check("larkspur")
    visitor.post("/inquiry/save", {"email": MAIL})
    letter_id, token = session.scalars(select(Letter.id)).one(), visitor.read_token()
    session.rollback()
    carrier = ScriptedCarrier([DefiniteNo("451")], lambda: visitor.send(token) and None)
    assert dispatcher_with(carrier).send_letter(letter_id) is State.cancelled
    letter = session.get_one(Letter, letter_id, populate_existing=True)
    assert_forgotten(session, letter)
    assert letter.reason == "erased"


def assert_forgotten(session: Session, letter: Letter) -> None:
    assert letter.sealed == b""
    with pytest.raises(ErasedError):
        find_recipient(session, open_vault(), letter)


def test_no_address_is_left_of_a_letter_of_long_ago(visitor: Visitor, session: Session) -> None:
    visitor.start()
    visitor.post("/inquiry/save", {"email": MAIL})
    old = now(session) - timedelta(days=32)
    session.execute(update(Letter).values(created_at=old, state=State.delivered))
    forget_recipients(session, saved_days=30)
    session.commit()
    assert_forgotten(session, session.scalars(select(Letter)).one())


def test_without_a_search_there_is_nothing_to_save(app: Flask) -> None:
    assert Visitor(app).post("/inquiry/save", {"email": MAIL}).status_code == 410
    assert Visitor(app).get("/inquiry/saved/" + "0" * 32).status_code == 410
