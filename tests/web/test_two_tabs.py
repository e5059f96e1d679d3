"""One search in two tabs: what she says in one is kept when the other saves at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import select

from leadgen.intake.draft import OpenDraft, find_draft, save_draft
from leadgen.models import Letter, StepCount
from leadgen.vault import open_vault
from leadgen.web.prospect import under_way
from tests.web.test_inquiry_flow import schools, visitor
from tests.web.test_later import read_link
from tests.web.visitor import PLACE, Visitor, find_ticked
from tests.web.workplace import database

__all__ = ["schools", "visitor"]  # fixtures, used by name

FARTHER = PLACE | {"within": "100"}


def find(app: Flask, visitor: Visitor) -> OpenDraft:
    """Her draft as it is now."""
    with database(app) as session:
        draft = find_draft(session, open_vault(), visitor.cookie)
    assert draft is not None
    return draft


@pytest.fixture
def read_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[OpenDraft]]:
    """Drafts that the next posts have read before the other tab saved."""
    early: list[OpenDraft] = []
    find_mine = under_way.find_my_draft
    monkeypatch.setattr(under_way, "find_my_draft", lambda: early.pop() if early else find_mine())
    return early


def test_ticks_of_one_tab_stay_when_the_other_saves_at_the_same_moment(
    app: Flask, visitor: Visitor, read_before: list[OpenDraft]
) -> None:
    visitor.reach_list()
    early = find(app, visitor)
    visitor.tick("larkspur")
    read_before.append(early)
    assert visitor.post("/inquiry/place", FARTHER).location == "/inquiry/schools"
    assert not read_before
    assert "larkspur" in find_ticked(visitor.get("/inquiry/schools").text)
    assert find(app, visitor).answers.within_miles == 100


def test_what_was_done_in_vain_is_not_done_twice(app: Flask, visitor: Visitor, read_before: list[OpenDraft]) -> None:
    visitor.start()
    early = find(app, visitor)
    visitor.post("/inquiry/goals", {"program": early.answers.program, "credential": "any"})
    read_before.append(early)
    assert visitor.post("/inquiry/save", {"email": "grace@mail.example"}).location == "/inquiry/saved"
    with database(app) as session:
        assert len(session.scalars(select(Letter)).all()) == 1
        reached = session.execute(select(StepCount.step, StepCount.times).order_by(StepCount.step)).all()
        assert [tuple(row) for row in reached] == [("goals", 1), ("place", 1)]


def test_whoever_is_late_again_and_again_keeps_what_she_typed(
    app: Flask, visitor: Visitor, read_before: list[OpenDraft]
) -> None:
    visitor.reach_list()
    twice = [find(app, visitor), find(app, visitor)]
    visitor.tick("larkspur")
    read_before.extend(twice)
    answer = visitor.post("/inquiry/place", FARTHER)
    assert answer.status_code == 503
    assert 'name="within" value="100"' in answer.text
    assert "larkspur" in find_ticked(visitor.get("/inquiry/schools").text)


def test_a_search_that_moved_to_another_device_meanwhile_is_whole_there(
    app: Flask, visitor: Visitor, read_before: list[OpenDraft]
) -> None:
    visitor.reach_list()
    early = find(app, visitor)
    visitor.post("/inquiry/save", {"email": "grace@mail.example"})
    elsewhere = Visitor(app)
    elsewhere.post(read_link(app))
    read_before.append(early)
    assert visitor.tick("larkspur").status_code == 410
    assert elsewhere.tick("larkspur").location == "/inquiry/details"


def test_who_saves_while_another_has_not_finished_saving_adds_to_it(app: Flask, visitor: Visitor) -> None:
    visitor.reach_list()
    saved, cookie = Event(), visitor.cookie

    def tick_in_one_tab() -> None:
        with database(app) as session:
            draft = find_draft(session, open_vault(), cookie)
            assert draft is not None
            draft.answers.ticked = ["larkspur"]
            save_draft(session, draft)
            saved.set()
            sleep(0.3)
            session.commit()

    with ThreadPoolExecutor(1) as hands:
        first = hands.submit(tick_in_one_tab)
        saved.wait()
        assert visitor.post("/inquiry/place", FARTHER).location == "/inquiry/schools"
        first.result()
    answers = find(app, visitor).answers
    assert (answers.ticked, answers.within_miles) == (["larkspur"], 100)
