"""The score's parts, each against the table in its documentation."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.facts import OfferingFacts
from leadgen.matching.score import say_parts, score_offering, score_parts, take_turns
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
    "cost_usd": Decimal(0),
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
        (("cost_usd",), 10),
        (("cost_usd", "length_months"), 5),
        (("cost_usd", "length_months", "next_start"), 0),
    ],
)
def test_each_fact_given_is_five_points(missing, points):
    assert score(0.0, **dict.fromkeys(missing)) == 85 + points


def test_a_cheaper_offering_scores_no_more_than_a_dear_one():
    assert score(5.0, cost_usd=Decimal(1)) == score(5.0, cost_usd=Decimal(90_000))


def test_payment_and_the_school_are_no_input():
    assert score(5.0, id="a", school_id="pays") == score(5.0, id="b", school_id="pays-not")
    money = {
        name for name in OfferingFacts._fields if any(word in name for word in ("pay", "price", "bid", "cap", "fee"))
    }
    assert money == set()


def test_scores_have_two_decimals():
    assert score(1.0, {"within_miles": 7}) == 91.43


def test_the_parts_add_up_to_the_score_and_are_said_in_words():
    parts = score_parts(OfferingFacts(**FACTS | {"next_start": None}), Criteria("p", "60601"), 12.5)
    assert parts == (45, 25, 10)
    assert say_parts(parts) == "45 of 60 for nearness, 25 of 25 for certifications, 10 of 15 for facts given"


def equals(seed: str, schools: int = 20) -> list[str]:
    """Schools that fit alike, in the order in which a draft shows them."""
    offerings = [OfferingFacts(**FACTS | {"id": f"o-{n:02}", "school_id": f"s-{n:02}"}) for n in range(schools)]
    return [each.school_id for each in sorted(offerings, key=lambda each: take_turns(seed, each))]


def test_over_a_hundred_thousand_drafts_no_equal_school_comes_first_a_tenth_more_often_than_another():
    offerings = [OfferingFacts(**FACTS | {"id": f"o-{n:02}", "school_id": f"s-{n:02}"}) for n in range(20)]
    first = Counter(
        min(offerings, key=lambda each: take_turns(seed, each)).id for seed in (f"draft {n}" for n in range(100_000))
    )
    assert len(first) == 20
    assert max(first.values()) <= 1.1 * min(first.values())


def test_a_draft_shows_equals_in_the_same_order_each_time_and_another_in_another():
    assert equals("draft 1") == equals("draft 1") != equals("draft 2")
    assert sorted(equals("draft 1")) == sorted(equals("draft 2"))


def test_without_a_draft_equals_come_in_the_order_of_their_offerings():
    assert equals("") == [f"s-{n:02}" for n in range(20)]


def test_a_school_with_many_equal_offerings_has_no_more_turns_than_another():
    many = [OfferingFacts(**FACTS | {"id": f"m-{n}", "school_id": "many"}) for n in range(9)]
    one = OfferingFacts(**FACTS | {"id": "one", "school_id": "one"})
    seeds = [f"draft {n}" for n in range(1000)]
    first = Counter(min([*many, one], key=lambda each: take_turns(seed, each)).school_id for seed in seeds)
    assert 400 < first["one"] < 600
