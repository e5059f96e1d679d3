"""A draft: found by its token, saved whole, used up once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from leadgen.clock import database_now, now
from leadgen.intake.answers import Answers, Person, Shown
from leadgen.intake.draft import find_draft, move_draft, save_draft, start_draft, use_up_draft
from leadgen.models import Draft
from leadgen.vault import open_vault

SHOWN = Shown("2027-03-04T12:00:00+00:00", 1, {"zip": "60601"}, {}, 0, [], [])


def test_what_was_saved_is_found_again_by_its_token(session: Session) -> None:
    token, draft = start_draft(session, open_vault(), Answers(program="nursing", zip="60601"))
    assert abs(draft.started_at - datetime.now(UTC)) < timedelta(minutes=1)
    draft.answers.credential = "diploma"
    draft.shown = SHOWN
    save_draft(session, draft)
    found = find_draft(session, open_vault(), token)
    assert found is not None
    assert (found.answers, found.shown, found.started_at) == (draft.answers, SHOWN, draft.started_at)
    assert find_draft(session, open_vault(), "another token") is None


def test_answers_of_an_earlier_version_are_read_without_what_is_not_known_any_more() -> None:
    old = {"program": "nursing", "favorite_color": "blue", "person": {"name": "Ada Example"}}
    assert Answers.from_json(old) == Answers(program="nursing", person=Person(name="Ada Example"))


def test_a_draft_sealed_for_a_list_of_another_shape_counts_as_gone(session: Session) -> None:
    token, draft = start_draft(session, open_vault(), Answers(program="nursing"))
    sealed = draft.key.seal_json(draft.answers, "answers:another")
    session.execute(update(Draft).values(answers_sealed=sealed))
    assert find_draft(session, open_vault(), token) is None


def test_a_list_taken_back_is_gone_once_saved(session: Session) -> None:
    token, draft = start_draft(session, open_vault(), Answers())
    for shown in (SHOWN, None):
        draft.shown = shown
        save_draft(session, draft)
    found = find_draft(session, open_vault(), token)
    assert found is not None
    assert not found.has_list


def test_saving_keeps_a_draft_for_another_day(session: Session) -> None:
    token, draft = start_draft(session, open_vault(), Answers())
    session.execute(update(Draft).values(expires_at=database_now(60)))
    save_draft(session, draft)
    expires_at = session.scalars(select(Draft.expires_at)).one()
    assert abs(expires_at - now(session) - timedelta(hours=24)) < timedelta(minutes=1)
    session.execute(update(Draft).values(expires_at=database_now(-1)))
    assert find_draft(session, open_vault(), token) is None


def test_a_draft_that_was_sent_meanwhile_is_neither_saved_nor_sent_again(session: Session) -> None:
    _, draft = start_draft(session, open_vault(), Answers())
    use_up_draft(session, draft)
    for late in (save_draft, use_up_draft):
        with pytest.raises(StaleDataError):
            late(session, draft)


def test_a_draft_that_was_changed_meanwhile_is_not_sent(session: Session) -> None:
    token, draft = start_draft(session, open_vault(), Answers())
    other = find_draft(session, open_vault(), token)
    assert other is not None
    other.answers.zip = "60602"
    save_draft(session, other)
    with pytest.raises(StaleDataError):
        use_up_draft(session, draft)


def test_of_two_who_read_the_same_answers_one_saves(session: Session) -> None:
    token, _ = start_draft(session, open_vault(), Answers())
    first, second = (find_draft(session, open_vault(), token) for _ in range(2))
    assert first is not None
    assert second is not None
    first.answers.zip, second.answers.zip = "60601", "60602"
    save_draft(session, first)
    with pytest.raises(StaleDataError):
        save_draft(session, second)
    save_draft(session, first)
    found = find_draft(session, open_vault(), token)
    assert found is not None
    assert found.answers.zip == "60601"


def test_answers_that_were_moved_meanwhile_are_not_sealed_under_the_key_that_is_gone(session: Session) -> None:
    token, _ = start_draft(session, open_vault(), Answers(zip="60601"))
    moved, late = (find_draft(session, open_vault(), token) for _ in range(2))
    assert moved is not None
    assert late is not None
    elsewhere = move_draft(session, open_vault(), moved)
    with pytest.raises(StaleDataError):
        save_draft(session, late)
    found = find_draft(session, open_vault(), elsewhere)
    assert found is not None
    assert found.answers.zip == "60601"
