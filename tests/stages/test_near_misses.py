"""Near misses: what comes close, and the rule that keeps it out."""

from typing import Any

import pytest
from geopy.distance import geodesic
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.geo.zips import find_place
from leadgen.matching.criteria import Criteria
from leadgen.matching.explain import explain_all
from leadgen.models import CapUse, Control, Credential, Format, Offering
from leadgen.periods import Period, name_period
from tests.builders import build_offering, build_school, list_school
from tests.stages.searching import PROGRAM, search, searched

__all__ = ["searched"]  # a fixture, used by name


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


@pytest.mark.parametrize(
    ("caps", "again"),
    [
        ({"daily_cap": 1}, "until tomorrow"),
        ({"daily_cap": 1, "weekly_cap": 1}, "until next week"),
        ({"monthly_cap": 1}, "until next month"),
        ({"total_cap": 1}, "now"),
        ({"daily_cap": 0}, "now"),
    ],
)
def test_a_full_school_says_when_it_may_have_room_again(session, caps, again):
    school = build_school(session, **caps)
    build_offering(session, school)
    places = [name_period(period, school.timezone, now(session)) for period in Period]
    session.add_all([CapUse(school_id=school.id, period=place, used=1) for place in places])
    assert near(session) == [("room", f"Has no room for more inquiries {again}")]


def test_staff_read_that_a_school_is_full_in_dollars_and_a_prospect_only_that_it_is_full(session):
    school = build_school(session, part_caps=("school: $40 a month",), price_per_lead_usd=30)
    build_offering(session, school)
    place = "$" + name_period(Period.month, school.timezone, now(session))
    session.add(CapUse(school_id=school.id, period=place, used=3000))
    assert near(session) == [("room", "Has no room for more inquiries until next month")]
    (judged,) = explain_all(session, Criteria(PROGRAM, "60601")).offerings
    assert judged.first_failure.value == "full in dollars"


def test_where_all_that_fit_are_only_listed_those_that_take_inquiries_come_close(searched, session):
    for _ in range(4):
        list_school(session, build_offering(session).school_id)
    build_far(session, 60)
    list_school(session, build_far(session, 55).school_id)
    found = search(session)
    assert found.total == 4
    assert [(round(miss.distance_miles), miss.listed) for miss in found.near_misses] == [(60, False)]
    build_offering(session)
    assert search(session).near_misses == ()


def test_public_schools_near_by_are_shown_besides(session):
    for miles in (51, 52, 53, 54, 55, 56):
        build_far(session, miles)
    for miles in (80, 70, 90, 120):
        build_far(session, miles, school=build_school(session, control=Control.public))
    misses = search(session).near_misses
    assert [round(miss.distance_miles) for miss in misses] == [51, 52, 53, 54, 55, 70, 80]
    assert [miss.control for miss in misses[-2:]] == [Control.public] * 2


def test_near_misses_are_looked_for_only_where_fewer_than_three_fit(session):
    build_far(session, 60)
    for _ in range(2):
        build_offering(session)
    assert len(near(session)) == 1
    build_offering(session)
    assert near(session) == []
