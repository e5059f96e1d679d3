"""The sample ``schools.csv`` has what the README says of it, and a case for every matching rule."""

from urllib.parse import urlsplit

import pytest

from leadgen.config import ROOT
from leadgen.directory.cells import STATES
from leadgen.directory.places import MAX_MILES_FROM_ZIP
from leadgen.directory.reader import read_directory
from leadgen.directory.records import CampusRecord, EndpointRecord, Noun, OfferingRecord, SchoolRecord
from leadgen.geo.distance import geodesic_miles
from leadgen.geo.zips import find_place
from leadgen.models import Credential, Education, EndpointKind, Format, SchoolStatus

DIRECTORY = read_directory((ROOT / "schools.csv").read_bytes())
SCHOOLS: list[SchoolRecord] = list(DIRECTORY.records[Noun.school].values())
CAMPUSES: list[CampusRecord] = list(DIRECTORY.records[Noun.campus].values())
ENDPOINTS: list[EndpointRecord] = list(DIRECTORY.records[Noun.endpoint].values())
OFFERINGS: list[OfferingRecord] = list(DIRECTORY.records[Noun.offering].values())

BILLING = "medical-billing-and-coding"
PROGRAMS = {
    BILLING,
    "medical-assistant",
    "pharmacy-technician",
    "dental-assistant",
    "phlebotomy",
    "surgical-technology",
    "health-information-technology",
    "medical-office-administration",
    "practical-nursing",
    "nursing-assistant",
}
NO_STATES = {"AS", "DC", "FM", "GU", "MH", "MP", "PR", "PW", "VI"}
FIFTY = STATES - NO_STATES
TAKING = {school.id for school in SCHOOLS if school.status is SchoolStatus.taking and school.daily_cap != 0}


def test_it_imports_without_a_warning() -> None:
    assert DIRECTORY.warnings == ()


def test_about_sixty_schools_teach_about_four_hundred_offerings() -> None:
    assert 55 <= len(SCHOOLS) <= 65
    assert 380 <= len(OFFERINGS) <= 430


def test_every_state_has_a_school_that_takes_inquiries() -> None:
    assert len(FIFTY) == 50
    assert {campus.state for campus in CAMPUSES if campus.school_id in TAKING} >= FIFTY


def test_every_city_is_real() -> None:
    for campus in CAMPUSES:
        place = find_place(campus.zip)
        assert (campus.city, campus.state) == (place.city, place.state)
        assert geodesic_miles(place.point, (campus.latitude, campus.longitude)) < MAX_MILES_FROM_ZIP


def test_every_address_is_reserved_for_examples() -> None:
    hosts = [urlsplit(school.website or "").hostname or "" for school in SCHOOLS]
    hosts += [school.contact_email.partition("@")[2] for school in SCHOOLS if school.contact_email]
    hosts += [
        urlsplit(endpoint.address).hostname or endpoint.address.partition("@")[2]
        for endpoint in ENDPOINTS
        if endpoint.address
    ]
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_no_two_schools_share_a_host() -> None:
    assert len({school.website for school in SCHOOLS}) == len(SCHOOLS)


def test_the_ten_programs_are_taught_on_campus_in_many_states() -> None:
    assert {offering.program for offering in OFFERINGS} == PROGRAMS
    for program in PROGRAMS:
        assert sum(1 for offering in OFFERINGS if offering.program == program) >= 20


@pytest.mark.parametrize(
    ("field", "cases"),
    [
        ("format", set(Format)),
        ("credential", set(Credential)),
        ("education", set(Education) | {None}),
        ("min_age", {16, 17, 18, 21, None}),
    ],
)
def test_a_rule_about_one_value_has_every_case(field: str, cases: set[object]) -> None:
    assert {getattr(offering, field) for offering in OFFERINGS} == cases


@pytest.mark.parametrize(
    "field",
    ["length_months", "tuition_usd", "certifications", "schedule", "languages", "next_start", "service_miles"],
)
def test_what_may_be_unknown_is_known_here_and_not_there(field: str) -> None:
    missing = sum(1 for offering in OFFERINGS if getattr(offering, field) is None)
    assert 0 < missing < len(OFFERINGS)


def test_states_for_online_study_are_lists_and_all() -> None:
    states = {offering.online_states for offering in OFFERINGS if offering.format is not Format.campus}
    assert ("*",) in states
    assert max(len(listed or ()) for listed in states) >= 8
    assert all(offering.online_states is None for offering in OFFERINGS if offering.format is Format.campus)


def test_schools_are_taking_paused_and_closed_with_caps_from_none_to_large() -> None:
    assert {school.status for school in SCHOOLS} == set(SchoolStatus)
    assert {0, 1, None} < {school.daily_cap for school in SCHOOLS}
    assert {3, 400, None} < {school.monthly_cap for school in SCHOOLS}


# a daily file is asked for by a school that is there
AT_ONCE = set(EndpointKind) - {EndpointKind.batch}


def test_every_kind_of_delivery_and_many_time_zones_are_there() -> None:
    assert {endpoint.kind for endpoint in ENDPOINTS} == AT_ONCE
    assert len({school.timezone for school in SCHOOLS}) >= 8
    assert any(school.contact_email is None for school in SCHOOLS)


def test_some_schools_have_campuses_in_two_states() -> None:
    states: dict[str, set[str]] = {}
    for campus in CAMPUSES:
        states.setdefault(campus.school_id, set()).add(campus.state)
    assert sum(1 for found in states.values() if len(found) > 1) >= 3


def test_four_kinds_of_delivery_teach_billing_and_coding_near_chicago() -> None:
    chicago = find_place("60601").point
    near = {
        offering.school_id
        for offering in OFFERINGS
        if offering.program == BILLING
        and offering.format is Format.campus
        and offering.school_id in TAKING
        and geodesic_miles(chicago, (offering.latitude, offering.longitude)) <= 50
    }
    kinds = {endpoint.kind for endpoint in ENDPOINTS if endpoint.school_id in near and endpoint.position == 1}
    assert len(near) >= 4
    assert kinds == AT_ONCE


def test_three_online_schools_enrol_illinois_in_billing_and_coding() -> None:
    enrolling = {
        offering.school_id
        for offering in OFFERINGS
        if offering.program == BILLING
        and offering.format is Format.online
        and offering.school_id in TAKING
        and {"IL", "*"} & set(offering.online_states or ())
    }
    assert len(enrolling) >= 3


def test_every_next_start_lies_in_2027() -> None:
    assert {offering.next_start.year for offering in OFFERINGS if offering.next_start} == {2027}
