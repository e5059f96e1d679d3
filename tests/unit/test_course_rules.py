"""The rules on the course, each at its edges, and what she reads of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leadgen.matching.course import COURSE, say_wishes
from leadgen.matching.criteria import Criteria, find_day_after
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.reasons import give_reasons
from leadgen.matching.rules import Rule, RuleResult, fits, judge
from leadgen.models import Credential, Format

FACTS = dict.fromkeys(OfferingFacts._fields) | {"id": "o-1", "school_id": "s-1", "latitude": 41.9, "longitude": -87.6}
FACTS |= {"credential": Credential.certificate, "format": Format.campus, "listed": False}
SPRING, SUMMER = date(2027, 3, 4), date(2027, 6, 1)


def decide(rule: str, asked: dict[str, Any], **given: Any) -> RuleResult:
    """The decision of one rule; that all of them together agree with it is checked on the way."""
    case = Candidate(OfferingFacts(**FACTS | given), Criteria("p", "60601", **asked), "IL", 10.0)
    (result,) = (result for result in judge(case) if result.rule == rule)
    assert fits(case) == result.passed
    return result


@pytest.mark.parametrize(
    ("rule", "asked", "given", "words"),
    [
        ("length", {"max_months": 9}, {"length_months": 9}, "Takes 9 months, within the 9 asked for"),
        ("length", {}, {"length_months": 1}, "Takes 1 month"),
        ("length", {"max_months": 12}, {"award_level": 21}, "Takes 12 weeks to 1 year, within the 12 months asked for"),
        ("length", {}, {"award_level": 2}, "Takes 1 to 2 years"),
        ("cost", {"max_cost_usd": 9000}, {"cost_usd": Decimal(9000)}, "Costs $9,000, within the $9,000 asked for"),
        ("cost", {"max_cost_usd": 0}, {"cost_usd": Decimal(0)}, "Costs $0, within the $0 asked for"),
        (
            "schedule",
            {"schedules": ("evening", "weekend")},
            {"schedule": ("day", "evening")},
            "Has day and evening classes as asked",
        ),
        (
            "start",
            {"start_by": SPRING, "start_from": SPRING},
            {"next_start": SPRING},
            "Starts March 4, 2027, by March 4, 2027 as asked",
        ),
        ("language", {"language": "Spanish"}, {"languages": ("English", "spanish")}, "Taught in Spanish, as asked"),
    ],
)
def test_it_passes(rule, asked, given, words):
    assert decide(rule, asked, **given)[1::2] == (True, words)


@pytest.mark.parametrize(
    ("rule", "asked", "given", "words"),
    [
        ("length", {"max_months": 9}, {"length_months": 10}, "Takes 10 months, more than the 9 asked for"),
        ("length", {"max_months": 9}, {"award_level": 2}, "Takes 1 to 2 years, more than the 9 months asked for"),
        (
            "length",
            {"max_months": 9},
            {"award_level": 21},
            "Has not said how many months it takes, only 12 weeks to 1 year",
        ),
        (
            "cost",
            {"max_cost_usd": 9000},
            {"cost_usd": Decimal("9000.01")},
            "Costs $9,000.01, more than the $9,000 asked for",
        ),
        (
            "schedule",
            {"schedules": ("weekend", "self-paced")},
            {"schedule": ("day",)},
            "Has day classes, not weekend or self-paced classes as asked",
        ),
        (
            "start",
            {"start_by": SPRING},
            {"next_start": SUMMER},
            "Starts June 1, 2027, later than March 4, 2027 as asked",
        ),
        (
            "start",
            {"start_by": SUMMER, "start_from": date(2027, 3, 5)},
            {"next_start": SPRING},
            "Has not said when it starts next; its last start was March 4, 2027",
        ),
        ("language", {"language": "Spanish"}, {"languages": ("English",)}, "Taught in English, not Spanish as asked"),
    ],
)
def test_it_fails(rule, asked, given, words):
    assert decide(rule, asked, **given)[1::2] == (False, words)


ASKED = {"max_months": 9, "max_cost_usd": 9000, "schedules": ("day",), "start_by": SPRING, "language": "Spanish"}


@pytest.mark.parametrize(("rule", "wish"), [(rule, wish) for rule, wish, _ in COURSE])
def test_what_a_school_has_not_said_passes_until_it_is_asked_for(rule, wish):
    assert decide(rule, {}).passed
    result = decide(rule, {wish: ASKED[wish]})
    assert (result.passed, result.value) == (False, "not given")
    assert result.words.startswith("Has not said")


def test_every_rule_on_the_course_has_a_name_among_the_rules():
    assert {rule for rule, _, _ in COURSE} < set(Rule)


def test_her_wishes_are_said_in_words():
    assert say_wishes(Criteria("p", "60601", **ASKED)) == (
        "at most $9,000 in all",
        "at most 9 months",
        "day classes",
        "starting by March 4, 2027",
        "taught in Spanish",
    )
    assert say_wishes(Criteria("p", "60601")) == ()


def test_why_this_school_speaks_of_what_she_asked():
    offering = OfferingFacts(**FACTS | {"length_months": 9, "schedule": ("day",)})
    reasons = give_reasons(Candidate(offering, Criteria("p", "60601", max_months=12, schedules=("day",)), "IL", 10.0))
    assert "Takes 9 months, within the 12 you asked for" in reasons
    assert "Has day classes as you asked" in reasons


def test_criteria_come_back_from_where_they_are_kept_also_from_before_these_were_asked():
    asked = Criteria("p", "60601", certifications=("CCS",), **ASKED)
    assert Criteria.from_json(asked.to_json()) == asked
    old = {
        name: value for name, value in Criteria("p", "60601").to_json().items() if name not in {*ASKED, "start_from"}
    }
    assert Criteria.from_json(old) == Criteria("p", "60601")


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 25), 2, date(2027, 1, 25)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_some_months_later_is_the_same_day_or_the_last_of_the_month(day, months, after):
    assert find_day_after(day, months) == after
