"""Finding: the same answer as a plain loop over every row, in the same order, with names and reasons."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import pytest
from geopy.distance import geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.geo.zips import MalformedZip, UnknownZip, find_place
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.find import find_matches
from leadgen.matching.index.build import build_directory
from leadgen.matching.index.keeper import Shown
from leadgen.matching.kept import Kept, Stamp, appoint
from leadgen.matching.room import find_hidden
from leadgen.models import AwardLevel, Credential, Education, Format, Offering, SchoolStatus
from tests.builders import build_campus, build_offering, build_school

PROGRAM = "medical-billing-and-coding"
# Chicago; Guam; Adak and Wake Island, on either side of the antimeridian; Pago Pago; Fairbanks; San Juan
ZIPS = ["60601", "96910", "99546", "96898", "96799", "99701", "00901"]
EDUCATION = ["none", "ged", "high_school"]


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value about four times in five, so that most offerings fit and one thing at a time goes wrong."""
    return st.sampled_from([usual] * 4 * len(others) + [*others])


@st.composite
def offerings_around(draw: st.DrawFn, point: tuple[float, float], radius: float) -> dict[str, Any]:
    """Values of one offering, often close to the edge of the radius."""
    edges = st.sampled_from([0.0, 0.995, 1 - 1e-9, 1.0, 1 + 1e-9, 1.005, 1.5])
    factor = draw(st.one_of(st.integers(1, 999).map(lambda thousandths: thousandths / 1000), edges))
    end = geodesic(miles=draw(mostly(radius, 30)) * factor).destination(point, draw(st.integers(0, 359)))
    return {
        "latitude": end.latitude,
        "longitude": end.longitude,
        "program": draw(mostly(PROGRAM, "phlebotomy")),
        "format": draw(st.sampled_from([Format.campus, Format.campus, *Format])),
        "credential": draw(mostly(Credential.certificate, *Credential)),
        "service_miles": draw(mostly(None, 30)),
        "service_states": draw(mostly(None, ("IL", "AK"), ("AS", "GU"))),
        "service_zips": draw(mostly(None, ("606*", "967*", "995*"), ("60601", "96910", "99701"))),
        "length_months": draw(mostly(9, None, 10, 24)),
        "tuition_usd": draw(mostly(Decimal("9000"), None, Decimal("9000.01"))),
        "schedule": draw(mostly(("day", "evening"), None, ("weekend",))),
        "languages": draw(mostly(("English", "Spanish"), None, ("English",))),
        "award_level": draw(mostly(None, *AwardLevel)),
        "certifications": draw(mostly(("CPC", "CCS"), None, (), ("CCS",), ("CCS-P",))),
        "min_age": draw(mostly(None, 16, 21)),
        "education": draw(mostly(None, *Education)),
        "online_states": draw(mostly(("*",), None, ("IL", "AK"), ("GU", "WI"), ("HI",))),
        "next_start": draw(mostly(date(2027, 1, 11), None, date(2026, 9, 1), date(2027, 1, 12))),
        "retired": draw(mostly(False, True)),
        "school": draw(mostly(0, 1, 2, 3)),
        "at_full": draw(mostly(False, True)),
    }


@st.composite
def searches(draw: st.DrawFn) -> tuple[Criteria, int, list[dict[str, Any]]]:
    """A search, the number shown, and the directory that it meets."""
    zip_code = draw(st.sampled_from(ZIPS))
    within = draw(mostly(50, None, 0, 25, 600, 2500))
    around = offerings_around(find_place(zip_code).point, 300 if within is None else within)
    criteria = Criteria(
        program=PROGRAM,
        zip=zip_code,
        format=draw(mostly(FormatWish.any, *FormatWish)),
        within_miles=within,
        credential=draw(mostly(None, *Credential)),
        certifications=draw(mostly((), ("CCS",), ("CCS", "CPC"))),
        age=draw(mostly(None, 17, 18, 40)),
        education=draw(mostly(None, *Education)),
        max_months=draw(mostly(None, 3, 9, 12, 24)),
        max_cost_usd=draw(mostly(None, 0, 9000)),
        schedules=draw(mostly((), ("evening",), ("weekend", "self-paced"))),
        start_by=draw(mostly(None, date(2027, 1, 11))),
        start_from=date(2026, 12, 1),
        language=draw(mostly(None, "spanish", "English")),
    )
    return criteria, draw(st.integers(1, 6)), draw(st.lists(around, max_size=14))


class BuiltForEach:
    """A keeper that reads the directory into memory for each search, so that it sees what the test wrote just now."""

    def find(self, session: Session, stamp: Stamp) -> Kept:
        directory = build_directory(session)
        assert directory.stamp == stamp
        return Shown(directory, directory.hide(find_hidden(session)), 0.0)


@pytest.fixture(params=["in memory", "in the database"])
def searched(request, session):
    """Where searches look."""
    if request.param == "in memory":
        appoint(db.engine, BuiltForEach())
    return request.param


SEEDS = ["", "draft 7"]


@given(searches(), st.sampled_from(SEEDS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_answer_is_that_of_a_plain_loop_over_every_row(searched, session, search, seed):
    criteria, limit, rows = search
    session.rollback()
    schools = [
        build_school(session, part_caps=("phlebotomy: 0 a day", "campus Full: 0 a week")),
        build_school(session, status=SchoolStatus.paused),
        build_school(session, weekly_cap=0),
        build_school(session, status=SchoolStatus.paused, paused_until=date(2026, 1, 1), total_cap=1),
    ]
    full = build_campus(session, schools[0], name="Full")
    offerings = []
    for number, row in enumerate(rows):
        which, at_full = row["school"], row["at_full"] and row["school"] == 0
        given = {name: value for name, value in row.items() if name not in ("school", "at_full")}
        campus = full if at_full else None
        offerings.append(build_offering(session, schools[which], campus, id=f"o-{number:03}", **given))
    expected = answer_by_plain_loop(criteria, offerings, seed)
    found = find_matches(session, criteria, limit=limit, seed=seed)
    assert found.total == len(expected)
    assert [(match.offering_id, match.score) for match in found.matches] == [
        (offering_id, -score) for score, _, offering_id in expected[:limit]
    ]
    assert [match.rank for match in found.matches] == list(range(1, len(found.matches) + 1))


def answer_by_plain_loop(criteria: Criteria, offerings: list[Offering], seed: str) -> list[tuple[float, bytes, str]]:
    """Minus the score, the turn among equals and the id of every offering that fits, in order: the specification,
    word by word."""
    place = find_place(criteria.zip)
    answer = []
    for offering in offerings:
        miles = geodesic(place.point, (offering.latitude, offering.longitude)).miles
        if fits_by_specification(offering, criteria, place.state, miles):
            turn = blake2b(offering.school_id.encode(), key=seed.encode(), digest_size=8).digest() if seed else b""
            answer.append((-score_by_specification(offering, criteria, miles), turn, offering.id))
    return sorted(answer)


def has_room_by_specification(offering: Offering) -> bool:
    """Of the schools of the test: one is paused without an end, one takes none a week, one campus takes none."""
    school = offering.school
    is_paused = school.status == "paused" and school.paused_until is None
    return not is_paused and school.weekly_cap != 0 and offering.campus.name != "Full"


def fits_by_specification(offering: Offering, criteria: Criteria, state: str, miles: float) -> bool:
    if offering.program != criteria.program or offering.retired or not has_room_by_specification(offering):
        return False
    if offering.format != "online":
        if criteria.within_miles is not None and miles > criteria.within_miles:
            return False
        if offering.service_miles is not None and miles > offering.service_miles:
            return False
        if criteria.format == "online":
            return False
        served = [*(offering.service_states or ()), *(offering.service_zips or ())]
        if served and not {state, criteria.zip, criteria.zip[:3] + "*"} & set(served):
            return False
    if offering.format != "campus" and not {"*", state} & set(offering.online_states or ()):
        return False
    if offering.format == "online" and criteria.format == "campus":
        return False
    if criteria.credential and offering.credential != criteria.credential:
        return False
    if set(criteria.certifications) - set(offering.certifications or ()):
        return False
    if criteria.age is not None and criteria.age < (18 if offering.min_age is None else offering.min_age):
        return False
    if not fits_course_by_specification(offering, criteria):
        return False
    return criteria.education is None or EDUCATION.index(criteria.education) >= EDUCATION.index(
        offering.education or "ged"
    )


# the shortest and the longest course of each federal award level, in months
BANDS = {20: (0, 3), 21: (3, 12), 2: (12, 24), 3: (24, 9999), 4: (24, 48)}


def fits_course_by_specification(offering: Offering, criteria: Criteria) -> bool:
    longest = offering.length_months or BANDS.get(offering.award_level, (0, 9999))[1]
    if criteria.max_months is not None and longest > criteria.max_months:
        return False
    if criteria.max_cost_usd is not None and (
        offering.tuition_usd is None or offering.tuition_usd > criteria.max_cost_usd
    ):
        return False
    if criteria.schedules and not any(each in (offering.schedule or ()) for each in criteria.schedules):
        return False
    if criteria.start_by and not (
        offering.next_start and criteria.start_from <= offering.next_start <= criteria.start_by
    ):
        return False
    spoken = [language.lower() for language in offering.languages or ()]
    return criteria.language is None or criteria.language.lower() in spoken


def score_by_specification(offering: Offering, criteria: Criteria, miles: float) -> float:
    if offering.format == "online":
        nearness = 1.0 if criteria.format == "online" else 0.5
    else:
        reach = 250 if criteria.within_miles is None else criteria.within_miles
        reach = reach if offering.service_miles is None else min(reach, offering.service_miles)
        nearness = max(0.0, 1 - miles / reach) if reach else 1.0
    share = 1.0 if criteria.certifications or offering.certifications else 0.5
    given = [offering.tuition_usd, offering.length_months, offering.next_start]
    return round(60 * nearness + 25 * share + 15 * (3 - given.count(None)) / 3, 2)


def search(session: Session, zip_code: str = "60601", *, seed: str = "", **asked: Any):
    return find_matches(session, Criteria(PROGRAM, zip_code, **asked), seed=seed)


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


def near(session: Session, **asked: Any) -> list[tuple[str, str]]:
    return [(miss.rule, miss.reason) for miss in search(session, **asked).near_misses]


def build_far(session: Session, miles: float, **changes: Any) -> Offering:
    """An offering due west of Chicago."""
    end = geodesic(miles=miles).destination(find_place("60601").point, 270)
    return build_offering(session, latitude=end.latitude, longitude=end.longitude, **changes)


def test_the_nearest_campuses_beyond_the_radius_come_first(session):
    for miles in (900, 140, 80, 70, 60, 55, 1200):
        build_far(session, miles)
    misses = search(session).near_misses
    assert [round(miss.distance_miles) for miss in misses] == [55, 60, 70, 80, 140]
    assert misses[0].reason == "55.0 miles away, more than the 50 miles asked for"


def test_where_nothing_is_near_the_whole_country_is_looked_at(session):
    build_far(session, 900)
    (miss,) = search(session).near_misses
    assert miss.distance_miles == pytest.approx(900)


def test_each_near_miss_names_the_one_rule_that_keeps_it_out(session):
    build_far(session, 60)
    build_offering(session, format=Format.online, online_states=("WI",))
    build_offering(session, certifications=("CPC",))
    build_offering(session, credential=Credential.associate)
    build_offering(session, build_school(session, daily_cap=0))
    build_far(session, 60, credential=Credential.associate)
    assert near(session, credential=Credential.certificate, certifications=("CCS",)) == [
        ("room", "Has no room for more inquiries now"),
        ("distance", "60.0 miles away, more than the 50 miles asked for"),
        ("state", "May not enroll residents of IL online"),
        ("credential", "Ends with an associate degree, not a certificate as asked"),
        ("certifications", "Does not prepare for CCS"),
    ]


def test_where_everything_fails_by_two_rules_both_are_said(session):
    build_far(session, 60, certifications=("CPC",))
    ((rule, reason),) = near(session, certifications=("CCS",))
    assert rule == "distance"
    assert reason == "60.0 miles away, more than the 50 miles asked for; Does not prepare for CCS"


def test_a_school_is_one_near_miss_however_many_offerings_it_has(session):
    school = build_school(session)
    for credential in Credential:
        build_far(session, 60, school=school, credential=credential)
    assert len(near(session)) == 1


def test_near_misses_are_looked_for_only_where_fewer_than_three_fit(session):
    build_far(session, 60)
    for _ in range(2):
        build_offering(session)
    assert len(near(session)) == 1
    build_offering(session)
    assert near(session) == []


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
READ = {"offering", "school", "listing", "awarded", "campus", "directory_version", "cap_use", "delivery", "lead"}


def test_payment_is_no_input_of_a_search(session):
    """Wherever prices are kept, no statement of a search reads them: so changing every price changes nothing."""
    for number in range(4):
        build_offering(session, build_school(session, daily_cap=number))
    session.flush()
    with recorded_statements() as statements:
        search(session, seed="draft 7")
    tables = {name for statement in statements for name in re.findall(r"(?:FROM|JOIN) \"?(\w+)", statement)}
    assert tables <= READ
    assert not re.search(r"price|pay|ledger|billing|fee\b|_cents", " ".join(statements).replace("tuition_usd", ""))


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
