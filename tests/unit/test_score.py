"""The score's parts, each against the table in its documentation."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.facts import OfferingFacts
from leadgen.matching.score import score_offering
from leadgen.models import Credential, Format

FACTS: dict[str, Any] = {
    "id": "o-1",
    "school_id": "s-1",
    "credential": Credential.certificate,
    "format": Format.campus,
    "latitude": 41.9,
    "longitude": -87.6,
    "service_miles": None,
    "length_months": 9,
    "tuition_usd": Decimal(0),
    "certifications": ("CCS",),
    "min_age": None,
    "education": None,
    "online_states": None,
    "next_start": date(2027, 1, 11),
}


def score(miles: float | None, asked: dict[str, Any] | None = None, **facts: Any) -> float:
    return score_offering(OfferingFacts(**FACTS | facts), Criteria("p", "60601", **(asked or {})), miles)


def test_next_door_with_everything_given_scores_a_hundred():
    assert score(0.0) == 100


@pytest.mark.parametrize(
    ("miles", "within", "service", "points"),
    [
        (25.0, 50, None, 30),
        (50.0, 50, None, 0),
        (10.0, 50, 20, 30),
        (10.0, 20, 100, 30),
        (125.0, None, None, 30),
        (250.0, None, None, 0),
        (900.0, None, None, 0),
        (50.0, None, 100, 30),
        (125.0, None, 900, 30),
        (300.0, 600, None, 30),
        (0.0, 0, None, 60),
        (1.0, 3, None, 40),
    ],
)
def test_nearness_is_sixty_points_at_the_door_and_none_at_the_edge_of_reach(miles, within, service, points):
    assert score(miles, {"within_miles": within}, service_miles=service) == 40 + points


def test_online_gets_all_nearness_only_where_she_asked_for_online():
    assert score(None, {"format": FormatWish.online}, format=Format.online) == 100
    assert score(None, {"format": FormatWish.any}, format=Format.online) == 70


@pytest.mark.parametrize(
    ("asked", "given", "points"),
    [
        ((), ("CCS",), 25),
        ((), (), 12.5),
        ((), None, 12.5),
        (("CCS",), ("CPC", "CCS"), 25),
        (("CCS", "CPC"), ("ccs",), 12.5),
        (("CCS",), None, 0),
    ],
)
def test_certifications_are_twenty_five_points_by_share(asked, given, points):
    assert score(0.0, {"certifications": asked}, certifications=given) == 75 + points


@pytest.mark.parametrize(
    ("missing", "points"),
    [
        ((), 15),
        (("tuition_usd",), 10),
        (("tuition_usd", "length_months"), 5),
        (("tuition_usd", "length_months", "next_start"), 0),
    ],
)
def test_each_fact_given_is_five_points(missing, points):
    assert score(0.0, **dict.fromkeys(missing)) == 85 + points


def test_a_cheaper_offering_scores_no_more_than_a_dear_one():
    assert score(5.0, tuition_usd=Decimal(1)) == score(5.0, tuition_usd=Decimal(90_000))


def test_payment_and_the_school_are_no_input():
    assert score(5.0, id="a", school_id="pays") == score(5.0, id="b", school_id="pays-not")
    money = {
        name for name in OfferingFacts._fields if any(word in name for word in ("pay", "price", "bid", "cap", "fee"))
    }
    assert money == set()


def test_scores_have_two_decimals():
    assert score(1.0, {"within_miles": 7}) == 91.43
