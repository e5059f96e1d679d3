"""What the directory says of each program: counted and measured over what a prospect may come to see."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from leadgen.directory.taught import Spread, Taught, read_taught
from leadgen.extensions import db
from leadgen.models import Format, SchoolStatus
from tests.builders import build_campus, build_offering, build_school, list_school

CODING = "medical-billing-and-coding"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session


def test_length_and_cost_are_the_least_and_the_most_of_those_that_say(session: Session) -> None:
    build_offering(session, length_months=6, tuition_usd=Decimal("18400"))
    build_offering(session, length_months=24, tuition_usd=Decimal("900.50"))
    build_offering(session, length_months=None, tuition_usd=None)
    build_offering(session, program="phlebotomy", length_months=2)
    taught = read_taught(session)[CODING]
    assert (taught.offerings, taught.schools) == (3, 3)
    assert taught.months
    assert (taught.months.least, taught.months.most, taught.months.given) == (6, 24, 2)
    assert taught.cost_usd
    assert (taught.cost_usd.least, taught.cost_usd.most) == (Decimal("900.50"), Decimal(18400))


def test_what_a_school_gives_beside_its_tuition_counts(session: Session) -> None:
    build_offering(session, tuition_usd=Decimal(900), fees_usd=Decimal("75.50"), exam_usd=Decimal(125))
    build_offering(session, tuition_usd=None, books_usd=Decimal(300))
    taught = read_taught(session)[CODING]
    assert taught.cost_usd == Spread(Decimal("1100.50"), Decimal("1100.50"), 1)


def test_a_program_of_which_nobody_says_the_length_has_none(session: Session) -> None:
    build_offering(session, length_months=None, tuition_usd=None)
    assert read_taught(session)[CODING] == Taught(1, 1, 1, 0, None, None, {"IL": 1})


def test_what_is_retired_closed_or_covered_does_not_count(session: Session) -> None:
    build_offering(session, retired=True)
    build_offering(session, covered=True)
    build_offering(session, build_school(session, status=SchoolStatus.closed))
    assert read_taught(session) == {}


def test_a_state_counts_each_school_with_a_campus_there_once(session: Session) -> None:
    school = build_school(session)
    second = build_campus(session, school, name="South")
    far = build_campus(session, school, name="Gary", city="Gary", state="IN", zip="46402")
    for campus in (*school.campuses, second, far):
        build_offering(session, school, campus)
    build_offering(session, format=Format.online, online_states=("*",))
    taught = read_taught(session)[CODING]
    assert taught.states == {"IL": 1, "IN": 1}
    assert (taught.schools, taught.online) == (2, 1)


def test_a_school_that_is_only_listed_is_counted_and_does_not_receive(session: Session) -> None:
    school = build_school(session)
    build_offering(session, school)
    build_offering(session)
    list_school(session, school.id)
    taught = read_taught(session)[CODING]
    assert (taught.schools, taught.receiving) == (2, 1)
