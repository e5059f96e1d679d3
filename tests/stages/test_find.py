"""Finding: schools in their order with names and reasons, from few statements that read no price."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from geopy.distance import geodesic
from sqlalchemy import event

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.geo.zips import MalformedZip, UnknownZip, find_place
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from leadgen.models import Education, Format, SchoolStatus
from tests.builders import build_campus, build_offering, build_school
from tests.stages.searching import PROGRAM, search


def test_a_match_carries_everything_that_the_page_shows(session):
    school = build_school(session, name="Larkspur Career Institute", website="https://larkspur.example")
    build_offering(session, school, next_start=date(2027, 1, 11), schedule=("evening",), education=Education.ged)
    (match,) = search(session, certifications=("CCS",)).matches
    assert (match.rank, match.school, match.campus, match.city, match.state) == (
        1,
        "Larkspur Career Institute",
        "Main",
        "Chicago",
        "IL",
    )
    assert (match.distance_miles, match.score, match.program) == (0.0, 100.0, PROGRAM)
    assert (match.tuition_usd, match.length_months, match.schedule) == (Decimal("12450.00"), 9, ("evening",))
    assert match.website == "https://larkspur.example"
    assert match.reasons == ("0.0 miles from your ZIP", "Prepares for CCS, which you chose")
    assert "asks for a GED or high-school diploma" in match.checks


def test_the_cost_counts_what_a_school_gives_beside_its_tuition(session):
    build_offering(session, id="a", tuition_usd=Decimal(8900), fees_usd=Decimal(75), books_usd=Decimal("25.50"))
    build_offering(session, id="b", tuition_usd=Decimal(9000))
    (match,) = search(session, max_cost_usd=9000).matches
    assert match.offering_id == "b"
    first, second = search(session, max_cost_usd=9001).matches
    assert (first.cost_usd, first.books_usd, first.exam_usd) == (Decimal("9000.50"), Decimal("25.50"), None)
    assert first.score == second.score, "who gives more parts does not come sooner"


def test_totals_count_beyond_the_limit_and_tell_online_apart(session):
    school = build_school(session)
    for _ in range(3):
        build_offering(session, school)
    build_offering(session, school, format=Format.online, online_states=("*",))
    found = find_matches(session, Criteria(PROGRAM, "60601"), limit=2)
    assert (found.total, found.total_online, len(found.matches)) == (4, 1, 2)
    assert found.directory_version is not None
    assert found.near_misses == ()


def test_equal_scores_come_in_the_order_of_their_ids(session):
    for name in ("b", "c", "a"):
        build_offering(session, id=name)
    assert [match.offering_id for match in search(session).matches] == ["a", "b", "c"]


def test_the_first_is_found_though_the_great_circle_would_put_another_before_it(session):
    place = find_place("60601")
    for name, miles, bearing in (("north", 40.0, 0), ("east", 40.03, 90)):
        end = geodesic(miles=miles).destination(place.point, bearing)
        build_offering(session, id=name, latitude=end.latitude, longitude=end.longitude)
    (first,) = find_matches(session, Criteria(PROGRAM, "60601"), limit=1).matches
    assert first.offering_id == "north"
    assert first.distance_miles == pytest.approx(40)


def test_an_unknown_program_gives_an_empty_answer(session):
    build_offering(session)
    found = find_matches(session, Criteria("astronaut", "60601"))
    assert (found.total, found.matches, found.near_misses) == (0, (), ())


def test_zip_codes_that_cannot_be_placed_are_refused(session):
    with pytest.raises(MalformedZip):
        search(session, "2139")
    with pytest.raises(UnknownZip):
        search(session, "00000")


@pytest.mark.parametrize("status", [SchoolStatus.paused, SchoolStatus.closed])
def test_schools_that_take_no_inquiries_are_neither_matches_nor_near_misses(session, status):
    build_offering(session, build_school(session, status=status))
    assert (search(session).total, search(session).near_misses) == (0, ())


def test_retired_schools_are_neither_matches_nor_near_misses(session):
    build_offering(session, build_school(session, retired_at=now(session)))
    assert (search(session).total, search(session).near_misses) == (0, ())


def test_many_schools_are_asked_about_without_naming_each(session):
    closed = build_school(session, status=SchoolStatus.closed)
    build_offering(session, closed)
    for _ in range(501):
        build_offering(session)
    assert find_matches(session, Criteria(PROGRAM, "60601"), limit=1).total == 501


def test_no_table_is_joined_before_narrowing_and_few_statements_are_sent(session):
    for _ in range(4):
        build_offering(session)
    session.flush()
    with recorded_statements() as statements:
        search(session)
    assert len(statements) <= 7
    assert all("JOIN" not in statement for statement in statements if "longitude BETWEEN" in statement)


@contextmanager
def recorded_statements() -> Iterator[list[str]]:
    """The SQL sent while inside."""
    statements: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    yield statements
    event.remove(db.engine, "before_cursor_execute", record)


# what a search may read: nothing here says what a school pays
READ = {
    "offering",
    "school",
    "listing",
    "awarded",
    "campus",
    "directory_version",
    "cap_use",
    "delivery",
    "lead",
    "complaint",
    "endpoint",
}


def test_payment_is_no_input_of_a_search(session):
    """Wherever prices are kept, no statement of a search reads them: so changing every price changes nothing."""
    for number in range(4):
        build_offering(session, build_school(session, daily_cap=number))
    session.flush()
    with recorded_statements() as statements:
        search(session, seed="draft 7")
    tables = {name for statement in statements for name in re.findall(r"(?:FROM|JOIN) \"?(\w+)", statement)}
    assert tables <= READ
    # what a lead costs is read where it is asked who has room, beside the caps that it counts against
    judging = [statement for statement in statements if "part_caps" not in statement]
    assert not re.search(r"price|pay|ledger|billing|fee\b|_cents", " ".join(judging).replace("tuition_usd", ""))


def test_payment_and_delivery_do_not_move_a_school(session):
    plain, capped = build_school(session), build_school(session, daily_cap=50, monthly_cap=500)
    build_offering(session, capped, id="b")
    build_offering(session, plain, id="a")
    assert [match.offering_id for match in search(session).matches] == ["a", "b"]
    assert len({match.score for match in search(session).matches}) == 1


def test_two_campuses_of_a_school_are_told_apart(session):
    school = build_school(session)
    aurora = build_campus(session, school, name="Aurora", city="Aurora", latitude=41.76, longitude=-88.32)
    build_offering(session, school, aurora)
    build_offering(session, school)
    assert [match.city for match in search(session).matches] == ["Chicago", "Aurora"]
