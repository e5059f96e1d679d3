"""The schools of a program in a state, and who teaches it online there."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from leadgen.directory.in_state import count_online, list_in_state
from leadgen.extensions import db
from leadgen.models import Format, SchoolStatus
from tests.builders import build_campus, build_offering, build_school, list_school

CODING = "medical-billing-and-coding"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session


def test_schools_stand_by_name_with_the_courses_of_that_state_alone(session: Session) -> None:
    bramble = build_school(session, name="Bramble College")
    gary = build_campus(session, bramble, name="Gary", city="Gary", state="IN", zip="46402")
    build_offering(session, bramble)
    build_offering(session, bramble, gary)
    build_offering(session, build_school(session, name="Alder School"))
    found = list_in_state(session, CODING, "IL")
    assert [(school.name, len(school.courses)) for school in found] == [("Alder School", 1), ("Bramble College", 1)]
    assert [course.city for school in list_in_state(session, CODING, "IN") for course in school.courses] == ["Gary"]


def test_what_is_online_only_or_not_shown_is_not_listed(session: Session) -> None:
    build_offering(session, format=Format.online)
    build_offering(session, retired=True)
    build_offering(session, build_school(session, status=SchoolStatus.closed))
    assert list_in_state(session, CODING, "IL") == ()


def test_a_listed_and_a_paused_school_are_shown_and_take_no_inquiries(session: Session) -> None:
    listed = build_school(session, name="A")
    build_offering(session, listed)
    build_offering(session, build_school(session, name="B", status=SchoolStatus.paused))
    over = date(2020, 1, 1)
    build_offering(session, build_school(session, name="C", status=SchoolStatus.paused, paused_until=over))
    list_school(session, listed.id)
    assert [school.receiving for school in list_in_state(session, CODING, "IL")] == [False, False, True]


def test_online_schools_are_counted_where_they_say_that_they_enroll(session: Session) -> None:
    for states in (("IL", "IN"), ("*",), ("CA",), None):
        build_offering(session, format=Format.online, online_states=states)
    build_offering(session, format=Format.campus, online_states=("*",))
    assert count_online(session, CODING, "IL") == 2
    assert count_online(session, CODING, "TX") == 1
