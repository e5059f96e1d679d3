"""Every rule at its edges."""

from typing import Any

import pytest

from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.reasons import give_reasons, list_checks
from leadgen.matching.rules import Rule, find_first_failure, fits, judge
from leadgen.models import Credential, Education, Format

FACTS: dict[str, Any] = {
    "id": "o-1",
    "school_id": "s-1",
    "credential": Credential.certificate,
    "format": Format.campus,
    "latitude": 41.9,
    "longitude": -87.6,
    "service_miles": None,
    "length_months": None,
    "cost_usd": None,
    "certifications": None,
    "min_age": None,
    "education": None,
    "online_states": None,
    "next_start": None,
}


def candidate(
    asked: dict[str, Any] | None = None,
    miles: float | None = 10.0,
    room: bool = True,
    taking: bool = True,
    **facts: Any,
) -> Candidate:
    criteria = Criteria("medical-billing-and-coding", "60601", **(asked or {}))
    return Candidate(OfferingFacts(**FACTS | facts), criteria, "IL", miles, taking, room)


def online(asked: dict[str, Any] | None = None, **facts: Any) -> Candidate:
    return candidate(asked, None, format=Format.online, **facts)


def failing(case: Candidate) -> list[Rule]:
    return [result.rule for result in judge(case) if not result.passed]


def test_what_was_not_asked_passes_even_where_nothing_is_given():
    assert failing(candidate()) == []
    assert fits(candidate())


def test_every_rule_is_judged_once_and_in_order():
    assert [result.rule for result in judge(candidate())] == list(Rule)


def test_every_result_has_its_value_and_words():
    for case in (candidate(), online({"certifications": ("CCS",), "age": 12}), candidate(taking=False, room=False)):
        assert all(result.value and result.words for result in judge(case))


@pytest.mark.parametrize(
    ("miles", "within", "service", "passed"),
    [
        (50.0, 50, None, True),
        (50.0000001, 50, None, False),
        (30.0, 50, 30, True),
        (30.0000001, 50, 30, False),
        (30.0, 20, 100, False),
        (4000.0, None, None, True),
        (30.1, None, 30, False),
        (0.0, 0, None, True),
        (0.1, 0, None, False),
    ],
)
def test_distance_is_held_to_the_smaller_of_radius_and_service_area(miles, within, service, passed):
    case = candidate({"within_miles": within}, miles, service_miles=service)
    assert failing(case) == ([] if passed else [Rule.distance])


def test_the_words_say_whose_limit_was_passed():
    hers = find_first_failure(judge(candidate({"within_miles": 5})))
    theirs = find_first_failure(judge(candidate(service_miles=5)))
    assert hers.words == "10.0 miles away, more than the 5 miles asked for"
    assert theirs.words == "10.0 miles away, more than the 5 miles that the school serves"


@pytest.mark.parametrize(
    ("format", "states", "zips", "passed"),
    [
        (Format.campus, None, None, True),
        (Format.campus, ("IL",), None, True),
        (Format.campus, ("IN",), None, False),
        (Format.campus, None, ("60601",), True),
        (Format.campus, None, ("606*",), True),
        (Format.campus, None, ("60602", "607*"), False),
        (Format.campus, ("IN",), ("606*",), True),
        (Format.hybrid, ("IN",), ("60602",), False),
        (Format.online, ("IN",), ("60602",), True),
    ],
)
def test_in_person_a_school_serves_those_whose_state_or_zip_it_names(format, states, zips, passed):
    online = None if format is Format.campus else ("*",)
    case = candidate(format=format, service_states=states, service_zips=zips, online_states=online)
    assert failing(case) == ([] if passed else [Rule.area])


def test_who_is_not_served_is_told_for_which_place():
    result = find_first_failure(judge(candidate(service_states=("IN",), service_zips=("463*",))))
    assert (result.value, result.words) == ("IN, 463*", "Does not serve people of 60601, IL at its campus")


@pytest.mark.parametrize(
    ("wish", "taught", "passed"),
    [
        (FormatWish.any, Format.campus, True),
        (FormatWish.any, Format.hybrid, True),
        (FormatWish.any, Format.online, True),
        (FormatWish.campus, Format.campus, True),
        (FormatWish.campus, Format.hybrid, True),
        (FormatWish.campus, Format.online, False),
        (FormatWish.online, Format.campus, False),
        (FormatWish.online, Format.hybrid, False),
        (FormatWish.online, Format.online, True),
    ],
)
def test_the_wish_decides_which_formats_pass(wish, taught, passed):
    miles = None if taught is Format.online else 1.0
    case = candidate({"format": wish}, miles, format=taught, online_states=("*",))
    assert failing(case) == ([] if passed else [Rule.format])


@pytest.mark.parametrize(
    ("states", "passed"), [(("IL", "IN"), True), (("*",), True), (("IN",), False), ((), False), (None, False)]
)
def test_online_needs_the_prospects_state(states, passed):
    assert failing(online(online_states=states)) == ([] if passed else [Rule.state])


@pytest.mark.parametrize(
    ("miles", "states", "rules"),
    [
        (50.0, ("IL",), []),
        (50.1, ("IL",), [Rule.distance]),
        (50.0, ("WI",), [Rule.state]),
        (50.0, None, [Rule.state]),
        (50.1, ("WI",), [Rule.distance, Rule.state]),
    ],
)
def test_hybrid_needs_both_reach_and_state(miles, states, rules):
    assert failing(candidate({}, miles, format=Format.hybrid, online_states=states)) == rules


def test_campus_takes_people_of_any_state():
    assert failing(candidate(online_states=("WI",))) == []


def test_credential_must_be_the_one_asked():
    assert failing(candidate({"credential": Credential.certificate})) == []
    case = candidate({"credential": Credential.associate})
    assert failing(case) == [Rule.credential]
    assert find_first_failure(judge(case)).words == "Ends with a certificate, not an associate degree as asked"


@pytest.mark.parametrize(
    ("given", "asked", "passed"),
    [
        (("CPC", "CCS"), ("CCS",), True),
        (("CPC", "CCS"), ("CCS", "CPC"), True),
        (("CPC", "CCS"), ("ccs",), True),
        (("CPC",), ("CPC", "CCS"), False),
        (("CCS-P",), ("CCS",), False),
        ((), ("CCS",), False),
        (None, ("CCS",), False),
        (None, (), True),
    ],
)
def test_it_must_prepare_for_every_certification_asked(given, asked, passed):
    case = candidate({"certifications": asked}, certifications=given)
    assert failing(case) == ([] if passed else [Rule.certifications])


def test_the_words_name_only_what_is_missing():
    case = candidate({"certifications": ("CPC", "CCS", "RHIT")}, certifications=("CPC",))
    assert find_first_failure(judge(case)).words == "Does not prepare for CCS and RHIT"


@pytest.mark.parametrize(
    ("needed", "age", "passed"),
    [(16, 16, True), (16, 15, False), (None, 18, True), (None, 17, False), (21, None, True), (21, 20, False)],
)
def test_age_is_held_to_the_entry_rule_or_the_usual_one(needed, age, passed):
    assert failing(candidate({"age": age}, min_age=needed)) == ([] if passed else [Rule.min_age])


@pytest.mark.parametrize(
    ("needed", "has", "passed"),
    [
        (Education.none, Education.none, True),
        (Education.ged, Education.none, False),
        (Education.ged, Education.ged, True),
        (Education.ged, Education.high_school, True),
        (Education.high_school, Education.ged, False),
        (Education.high_school, Education.high_school, True),
        (Education.high_school, None, True),
        (None, Education.none, False),
        (None, Education.ged, True),
        (None, Education.high_school, True),
    ],
)
def test_education_is_held_to_the_entry_rule_or_the_usual_one(needed, has, passed):
    assert failing(candidate({"education": has}, education=needed)) == ([] if passed else [Rule.education])


def test_a_school_that_takes_none_or_is_full_fails():
    assert failing(candidate(taking=False)) == [Rule.school]
    assert failing(candidate(room=False)) == [Rule.room]
    assert not fits(candidate(room=False))


def test_reasons_begin_with_the_place_and_what_she_chose():
    case = candidate(
        {"certifications": ("CCS",), "credential": Credential.certificate, "age": 20, "education": Education.ged},
        3.21,
        certifications=("CPC", "CCS"),
        min_age=16,
        education=Education.ged,
    )
    assert give_reasons(case) == (
        "3.2 miles from your ZIP",
        "Prepares for CCS, which you chose",
        "Certificate, as you asked",
        "You meet its entry rules for age and education",
    )


def test_reasons_say_online_and_hybrid_plainly():
    assert give_reasons(online(online_states=("*",)))[0] == "Online, and may enroll residents of IL"
    assert (
        give_reasons(candidate(format=Format.hybrid))[0] == "Partly online, partly on campus 10.0 miles from your ZIP"
    )


def test_checks_name_everything_that_the_school_has_not_given():
    assert list_checks(candidate()) == (
        "cost is not given",
        "length is not given",
        "next start is not given",
        "certifications it prepares for are not given",
        "the school has not given all its entry rules; most schools ask for age 18 or over and "
        "a GED or high-school diploma",
    )


def test_checks_name_the_entry_rules_that_the_school_has():
    case = candidate(min_age=18, education=Education.high_school, certifications=())
    assert list_checks(case)[-2:] == ("asks for a high-school diploma", "asks for age 18 or over")
    assert "asks for age 18 or over" not in list_checks(case._replace(criteria=Criteria("p", "60601", age=30)))
