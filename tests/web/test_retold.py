"""Why a school is on a list, or kept off it, is said in Spanish too: every sentence that the rules make."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from flask import Flask
from flask_babel import force_locale

from leadgen.matching.criteria import FormatWish
from leadgen.matching.facts import Candidate
from leadgen.matching.reasons import give_reasons, list_checks
from leadgen.matching.rules import fits, judge
from leadgen.models import Credential, Education, Format
from leadgen.web.retold import retell
from tests.unit.test_rules import candidate

SPRING, SUMMER = date(2027, 3, 4), date(2027, 6, 1)
ASKED: list[dict[str, Any]] = [
    {},
    {"credential": Credential.associate, "certifications": ("CPC", "CCS"), "within_miles": 5},
    {"credential": Credential.certificate, "certifications": ("CPC",), "age": 18, "education": Education.high_school},
    {"max_months": 9, "max_cost_usd": 9000, "schedules": ("evening", "weekend"), "start_by": SPRING},
    {"max_months": 36, "max_cost_usd": 20000, "schedules": ("day",), "start_by": SUMMER, "language": "Spanish"},
    {"language": "English", "age": 16, "education": Education.none, "latitude": 41.9, "longitude": -87.6},
    {"format": FormatWish.online},
    {"format": FormatWish.campus, "start_by": SUMMER, "start_from": SPRING},
]
GIVEN: list[dict[str, Any]] = [
    {},
    {"length_months": 1, "cost_usd": Decimal("9500.50"), "next_start": date(2027, 4, 1), "certifications": ("CCS",)},
    {"length_months": 18, "cost_usd": Decimal(8000), "schedule": ("day", "evening"), "languages": ("English",)},
    {"award_level": 20, "languages": ("English", "Spanish"), "min_age": 17, "education": Education.ged},
    {"award_level": 3, "certifications": ("CPC", "CCS", "RHIT"), "next_start": date(2027, 2, 1)},
    {"award_level": 2, "schedule": ("self_paced",), "min_age": 18, "education": Education.high_school},
    {"credential": Credential.associate, "service_miles": 8, "service_states": ("WI",), "min_age": 18},
]
WAYS: list[dict[str, Any]] = [
    {"format": Format.campus, "miles": 10.0},
    {"format": Format.hybrid, "miles": 34.5, "online_states": ("IL",)},
    {"format": Format.online, "miles": None, "online_states": ("*",)},
    {"format": Format.online, "miles": None, "online_states": ("WI",)},
    {"format": Format.online, "miles": None},
]
# an offering's name for its facts stays; these are English and nothing else
LEFT = re.compile(r"\b(the|and|not|for|from|has|asked|your|you|miles|months?|years?|given|online|with|as|by)\b")


def list_cases() -> Iterator[Candidate]:
    for asked, given, way, room in product(ASKED, GIVEN, WAYS, (True, False)):
        yield candidate(asked, room=room, **(given | way))


def list_sentences() -> set[str]:
    found: set[str] = set()
    for case in list_cases():
        found.update(list_checks(case))
        found.update(give_reasons(case) if fits(case) else ())
        found.update(result.words for result in judge(case) if not result.passed)
    return found


def test_every_sentence_of_the_rules_is_said_in_spanish(app: Flask) -> None:
    sentences = list_sentences()
    assert len(sentences) > 50
    with app.app_context(), force_locale("es"):
        left = {said for each in sentences if (said := retell(each)) == each or LEFT.search(said)}
    assert left == set()


def test_two_reasons_at_once_are_both_said(app: Flask) -> None:
    with app.app_context(), force_locale("es"):
        said = retell("Has not said what it costs; Has no room for more inquiries now")
    assert said == "No ha dicho cuánto cuesta; No tiene lugar para más solicitudes ahora"


def test_in_english_nothing_is_touched(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        assert retell("Prepares for CPC and CCS") == "Prepares for CPC and CCS"
