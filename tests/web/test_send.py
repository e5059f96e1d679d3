"""The last post: once per form token, whatever happens around it."""

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select, text, update
from sqlalchemy.orm import Session

from leadgen.models import Choice, Consent, Delivery, Draft, Inquiry, Lead, Letter, Outcome, School, SchoolStatus
from tests.inquiries import add_school, send_inquiry
from tests.web.visitor import Visitor, find_ticked

POSTS = 50


@pytest.fixture
def visitor(app: Flask, session: Session) -> Visitor:
    """Somebody who has not started yet, where three schools teach."""
    for school in ("larkspur", "bramble", "quillwater"):
        add_school(session, school)
    return Visitor(app)


def count(session: Session, table: type) -> int:
    number = session.scalar(select(func.count()).select_from(table)) or 0
    session.rollback()
    return number


def test_same_token_twice_gives_one_inquiry_and_the_same_page(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur", "bramble")
    first, second = visitor.send(token), visitor.send(token)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert (count(session, Inquiry), count(session, Lead), count(session, Letter)) == (1, 2, 1)


def test_fifty_posts_of_one_token_at_once_give_one_inquiry(visitor: Visitor, app: Flask, session: Session) -> None:
    token = visitor.reach_check("larkspur", "bramble")
    browsers = [Visitor(app, visitor.cookie) for _ in range(POSTS)]
    with ThreadPoolExecutor(POSTS) as threads:
        answers = list(threads.map(lambda browser: browser.send(token), browsers))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert answers[0].location.startswith("/inquiry/sent/")
    assert (count(session, Inquiry), count(session, Lead), count(session, Delivery)) == (1, 2, 2)


def test_sending_forgets_the_draft_and_its_cookie(visitor: Visitor, session: Session) -> None:
    visitor.send(visitor.reach_check("larkspur"))
    assert count(session, Draft) == 0
    assert visitor.client.get_cookie("leadgen_draft", path="/inquiry") is None
    assert visitor.get("/inquiry/check").status_code == 410


def test_made_up_token_sends_nothing(visitor: Visitor, session: Session) -> None:
    visitor.reach_check("larkspur")
    assert visitor.send("made-up").location == "/inquiry/check"
    assert visitor.send("").location == "/inquiry/check"
    assert count(session, Inquiry) == 0


def test_page_with_older_answers_cannot_send_newer_ones(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur")
    visitor.give_details("larkspur", ways=["email", "call", "text"])
    assert visitor.send(token).location == "/inquiry/check"
    assert "This page changed" in visitor.get("/inquiry/check").text
    assert count(session, Inquiry) == 0


def test_token_of_another_browser_sends_nothing(visitor: Visitor, app: Flask, session: Session) -> None:
    token = visitor.reach_check("larkspur")
    assert Visitor(app).send(token).status_code == 410
    other = Visitor(app)
    other.reach_check("bramble")
    assert other.send(token).location == "/inquiry/check"
    assert count(session, Inquiry) == 0


def test_words_on_the_page_are_the_words_of_the_consent(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur", ways=["email", "text"])
    page = visitor.answers[-1].text
    visitor.send(token)
    consent = session.scalars(select(Consent)).one()
    assert "by email and text message" in consent.words
    assert consent.words in page
    assert consent.act == "Pressed “Send my details to 1 school”"
    assert "Send my details to 1 school<" in page


def test_page_that_shows_other_words_than_would_be_kept_sends_nothing(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur", "bramble")
    shown = re.search(r'name="words" value="([0-9a-f]{64})"', visitor.answers[-1].text)
    assert shown
    older = {"form_token": token, "words": "0" * 64}
    assert visitor.post("/inquiry/check", older).location == "/inquiry/check"
    assert "This page changed" in visitor.get("/inquiry/check").text
    assert count(session, Inquiry) == 0
    visitor.post("/inquiry/check", {"form_token": token, "words": shown[1]})
    assert count(session, Inquiry) == 1


def test_only_ticked_schools_get_a_consent_and_a_lead(visitor: Visitor, session: Session) -> None:
    visitor.send(visitor.reach_check("bramble"))
    assert session.scalars(select(Consent.school_id)).all() == ["bramble"]
    assert session.scalars(select(Lead.school_id)).all() == ["bramble"]
    shown = {choice.school_id: choice.ticked for choice in session.scalars(select(Choice))}
    assert shown == {"larkspur": False, "bramble": True, "quillwater": False}


def test_school_that_filled_up_is_left_out_and_the_page_says_so(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur", "bramble")
    session.execute(update(School).where(School.id == "larkspur").values(daily_cap=0))
    session.commit()
    location = visitor.send(token).location
    for page in (visitor.get(location).text, visitor.get(visitor.send(token).location).text):
        assert "Larkspur Institute filled up while you were writing" in page
        assert "<li>Bramble Institute</li>" in page
        assert "<li>Larkspur Institute</li>" not in page
    assert session.scalars(select(Consent.school_id)).all() == ["bramble"]
    assert session.scalars(select(Consent.act)).one() == "Pressed “Send my details to 2 schools”"


@pytest.mark.parametrize("change", [{"daily_cap": 0}, {"status": SchoolStatus.paused}])
def test_nothing_is_sent_where_every_school_filled_up(
    visitor: Visitor, session: Session, change: dict[str, object]
) -> None:
    token = visitor.reach_check("larkspur")
    session.execute(update(School).where(School.id == "larkspur").values(**change))
    session.commit()
    assert visitor.send(token).location == "/inquiry/schools"
    page = visitor.get("/inquiry/schools").text
    assert "Larkspur Institute has no room for more requests now" in page
    assert find_ticked(page) == []
    assert 'value="larkspur"' not in page
    assert count(session, Inquiry) == 0
    visitor.tick("bramble")
    assert "Ada Example" in visitor.get("/inquiry/details").text


def test_held_inquiry_shows_the_same_page(visitor: Visitor, session: Session) -> None:
    released = visitor.get(visitor.send(visitor.reach_check("larkspur")).location)
    held = visitor.get(visitor.send(visitor.reach_check("larkspur", referral="cheap pills")).location)
    outcomes = session.scalars(select(Choice.outcome).where(Choice.ticked).order_by(Choice.id)).all()
    references = session.scalars(select(Inquiry.reference).order_by(Inquiry.id)).all()
    assert outcomes == [Outcome.release, Outcome.hold]
    pages = [
        page.text.replace(reference, "").replace(page.request.path.rsplit("/", 1)[1], "")
        for page, reference in zip((released, held), references, strict=True)
    ]
    assert pages[0] == pages[1]


def test_same_email_to_the_same_school_again_is_held(visitor: Visitor, session: Session) -> None:
    send_inquiry(session, ["larkspur"])
    session.rollback()
    visitor.send(visitor.reach_check("larkspur", "bramble"))
    newest = select(Choice).where(Choice.ticked).order_by(Choice.id.desc()).limit(2)
    outcomes = {choice.school_id: choice.outcome for choice in session.scalars(newest)}
    assert outcomes == {"larkspur": Outcome.hold, "bramble": Outcome.release}


@contextmanager
def lock_inquiries(database_url: str) -> Iterator[None]:
    """Somebody else holds the database, or on PostgreSQL the table."""
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.close()
        return
    engine = create_engine(database_url)
    with engine.connect() as held:
        held.execute(text("LOCK TABLE inquiry IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


def wait_for_a_lock(engine: Engine) -> None:
    """Until somebody on this PostgreSQL database waits for somebody else."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(200):
        with engine.connect() as own:
            if own.scalar(waiting):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_locked_database_keeps_the_fields(visitor: Visitor, session: Session, database_url: str) -> None:
    token = visitor.reach_check("larkspur")
    session.rollback()
    with lock_inquiries(database_url):
        answer = visitor.send(token)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert f'name="form_token" value="{token}"' in answer.text
    assert visitor.send(token).location.startswith("/inquiry/sent/")


def test_confirmation_page_holds_no_personal_data(visitor: Visitor) -> None:
    page = visitor.get(visitor.send(visitor.reach_check("larkspur")).location)
    assert not [word for word in ("Ada Example", "ada@", "5550142", "555-0142", "60601") if word in page.text]
    assert page.headers["Cache-Control"] == "no-store"
    assert 'content="noindex"' in page.text


@pytest.mark.parametrize("token", ["x", "LG" + "0" * 40, "LG00000000" + "a" * 32])
def test_made_up_confirmation_is_not_there(visitor: Visitor, token: str) -> None:
    assert visitor.get(f"/inquiry/sent/{token}").status_code == 404


def test_sent_page_posted_again_during_a_new_search_shows_its_own_confirmation(visitor: Visitor) -> None:
    token = visitor.reach_check("larkspur")
    location = visitor.send(token).location
    visitor.reach_check("bramble")
    assert visitor.send(token).location == location


def test_tabs_that_save_and_send_at_once_meet_no_fault(visitor: Visitor, app: Flask, session: Session) -> None:
    token = visitor.reach_check("larkspur")
    tabs = [Visitor(app, visitor.cookie) for _ in range(6)]
    barrier = threading.Barrier(len(tabs))

    def use(tab: Visitor) -> int:
        barrier.wait()
        number = tabs.index(tab)
        return (tab.send(token) if number % 2 else tab.give_details("larkspur", name=f"Ada {number}")).status_code

    with ThreadPoolExecutor(len(tabs)) as threads:
        codes = set(threads.map(use, tabs))
    assert codes <= {303, 410, 503}, codes
    assert count(session, Inquiry) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_answers_saved_by_another_tab_while_sending_are_not_sent(
    visitor: Visitor, session: Session, database_url: str
) -> None:
    token = visitor.reach_check("larkspur")
    engine = create_engine(database_url)
    with engine.connect() as other, ThreadPoolExecutor(1) as threads:
        other.execute(update(Draft).values(answers_sealed=b"another tab's"))
        sending = threads.submit(visitor.send, token)
        wait_for_a_lock(engine)
        other.commit()
        answer = sending.result()
    engine.dispose()
    assert answer.status_code == 503
    assert count(session, Inquiry) == 0
