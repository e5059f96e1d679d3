"""Explaining: every offering, every rule, in an order that reads well."""

import pytest
from geopy.distance import geodesic

from leadgen.geo.zips import MalformedZip, find_place
from leadgen.matching.criteria import Criteria
from leadgen.matching.explain import explain_all
from leadgen.matching.find import find_matches
from leadgen.matching.rules import Rule
from leadgen.models import Credential, Format, SchoolStatus
from tests.builders import build_offering, build_school

CRITERIA = Criteria("medical-billing-and-coding", "60601", credential=Credential.certificate)


def ids(explanation) -> list[str]:
    return [judged.candidate.offering.id for judged in explanation.offerings]


def test_every_offering_of_the_program_is_there_with_every_rule(session):
    build_offering(session, id="fits")
    build_offering(session, id="paused", school=build_school(session, status=SchoolStatus.paused))
    build_offering(session, id="online", format=Format.online, online_states=("WI",), credential=Credential.diploma)
    build_offering(session, id="far", latitude=61.2, longitude=-149.9)
    build_offering(session, id="other", program="phlebotomy")
    build_offering(session, id="retired", retired=True)
    explanation = explain_all(session, CRITERIA)
    assert ids(explanation) == ["fits", "paused", "far", "online"]
    assert explanation.total == 1
    assert [judged.first_failure and judged.first_failure.rule for judged in explanation.offerings] == [
        None,
        Rule.school,
        Rule.distance,
        Rule.state,
    ]
    assert all([result.rule for result in judged.results] == list(Rule) for judged in explanation.offerings)


def test_what_is_shown_has_names_and_exact_distances(session):
    build_offering(session, id="far", latitude=61.2, longitude=-149.9)
    explanation = explain_all(session, CRITERIA)
    (shown,) = explanation.show(session, explanation.offerings[:1])
    exact = geodesic(find_place("60601").point, (61.2, -149.9)).miles
    assert shown.distance_miles == exact
    assert shown.description.school.startswith("Larkspur")
    assert shown.judged.first_failure.value == f"{exact:,.1f} miles"


def test_one_school_can_be_picked_out(session):
    school = build_school(session)
    build_offering(session, school, id="hers")
    build_offering(session)
    picked = explain_all(session, CRITERIA).of_school(school.id)
    assert [judged.candidate.offering.id for judged in picked] == ["hers"]


def test_it_agrees_with_what_is_found(session):
    for miles in (0, 49.9999, 50.0001, 80):
        end = geodesic(miles=miles).destination(find_place("60601").point, 270)
        build_offering(session, latitude=end.latitude, longitude=end.longitude)
    explanation = explain_all(session, CRITERIA)
    fitting = {judged.candidate.offering.id for judged in explanation.offerings if judged.fits}
    assert fitting == {match.offering_id for match in find_matches(session, CRITERIA).matches}
    assert len(fitting) == 2


def test_a_zip_that_cannot_be_placed_is_refused(session):
    with pytest.raises(MalformedZip):
        explain_all(session, Criteria("medical-billing-and-coding", "2139"))
