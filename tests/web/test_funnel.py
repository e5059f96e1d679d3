"""The funnel counts how many came to each step and where they left, and nothing about anybody."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.intake import funnel
from leadgen.intake.draft import forget_expired
from leadgen.models import Draft, StepCount
from leadgen.review.funnel import STEPS, read_funnel
from tests.inquiries import add_school
from tests.web.visitor import GOALS, Visitor
from tests.web.workplace import sign_in


@pytest.fixture
def schools(session: Session) -> None:
    add_school(session, "larkspur")


def count(session: Session, happened: str) -> dict[str, int]:
    session.rollback()
    rows = session.execute(select(StepCount.step, StepCount.times).where(StepCount.happened == happened)).all()
    session.rollback()
    return {row.step: row.times for row in rows}


def test_the_desk_reads_the_steps_that_are_counted() -> None:
    assert STEPS == funnel.STEPS


def test_each_step_is_counted_once_for_each_search(app: Flask, session: Session, schools: None) -> None:
    visitor = Visitor(app)
    token = visitor.reach_check("larkspur")
    visitor.post("/inquiry/goals", GOALS)  # going back counts nothing
    assert count(session, "reached") == dict.fromkeys(STEPS[:-1], 1)
    visitor.reach_check("larkspur")
    visitor.send(visitor.read_token())
    visitor.send(token)
    assert count(session, "reached") == dict.fromkeys(STEPS[:-1], 2) | {"sent": 1}


def test_whoever_leaves_is_counted_at_the_furthest_step(app: Flask, session: Session, schools: None) -> None:
    Visitor(app).start()
    visitor = Visitor(app)
    visitor.reach_list()
    visitor.tick("larkspur")
    session.execute(update(Draft).values(expires_at=now(session) - timedelta(hours=1)))
    assert forget_expired(session) == 2
    session.commit()
    assert count(session, "left") == {"goals": 1, "details": 1}


@pytest.mark.parametrize(("saves_at_last", "band"), [(False, "1_to_3"), (True, "over_60")])
def test_whoever_saved_for_later_left_when_she_saved(
    app: Flask, session: Session, schools: None, saves_at_last: bool, band: str
) -> None:
    visitor = Visitor(app).start()
    let_pass(session, timedelta(minutes=2))
    visitor.post("/inquiry/save", {"email": "grace@mail.example"})
    if saves_at_last:  # when less than a day is left: then it is kept for another day
        let_pass(session, timedelta(days=29, hours=12))
        visitor.post("/inquiry/goals", GOALS)
    let_pass(session, timedelta(days=31))
    assert forget_expired(session) == 1
    session.commit()
    assert list(session.scalars(select(StepCount.band).where(StepCount.happened == "left"))) == [band]


def let_pass(session: Session, span: timedelta) -> None:
    """Make every draft so much older."""
    session.rollback()
    for draft in session.scalars(select(Draft)):
        draft.created_at, draft.expires_at = draft.created_at - span, draft.expires_at - span
        draft.kept_until = draft.kept_until - span if draft.kept_until else None
    session.commit()


@pytest.mark.parametrize(("minutes", "band"), [(0, "under_1"), (1, "1_to_3"), (9.9, "3_to_10"), (600, "over_60")])
def test_time_is_told_in_bands(minutes: float, band: str) -> None:
    assert funnel.name_band(timedelta(minutes=minutes)) == band


def test_nothing_but_counts_is_kept() -> None:
    assert {column.name for column in StepCount.__table__.columns} == {"day", "step", "happened", "band", "times"}


def test_the_desk_shows_a_chart_and_the_same_figures(app: Flask, session: Session, schools: None) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert "Nobody began an inquiry in this time." in rita.get("/desk/funnel").text
    for _ in range(2):
        Visitor(app).start()
    Visitor(app).reach_list()
    session.rollback()
    lines = read_funnel(session, now(session).date())
    assert [(line.step, line.reached) for line in lines[:4]] == [
        ("goals", 3),
        ("place", 1),
        ("eligibility", 1),
        ("schools", 1),
    ]
    assert (lines[1].of_first, lines[2].of_last) == (pytest.approx(1 / 3), 1.0)
    page = rita.get("/desk/funnel?days=7").text
    assert "<rect" in page
    assert "33%" in page
    assert rita.get("/desk/funnel?days=x").status_code == 404
