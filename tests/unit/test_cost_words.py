"""What a course costs is told in the parts that its school gives, and says which are missing."""

import pytest

from leadgen.intake.answers import ShownMatch, ShownSchool
from leadgen.web.prospect.cost import say_cost
from leadgen.web.prospect.to_check import list_questions


def make_match(**parts: str) -> ShownMatch:
    place = {"offering_id": "larkspur-mbc", "rank": 1, "campus": "Main", "city": "Chicago", "state": "IL"}
    course = {"format": "campus", "credential": "certificate", "length_months": 9, "certifications": None}
    rest = {"distance_miles": 3.0, "next_start": None, "schedule": None, "latitude": 0.0, "longitude": 0.0}
    words = {"score": 0.0, "reasons": [], "checks": [], "tuition_usd": None}
    return ShownMatch(**(place | course | rest | words | parts))  # type: ignore[arg-type]


def ask(match: ShownMatch) -> list[str]:
    return list_questions(ShownSchool("larkspur", 1, "Larkspur", None, "ABHES", [match]), match)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "The school has not given a price"),
        ({"fees_usd": "75"}, "The school has not given its tuition; fees $75"),
        ({"tuition_usd": "9000.00"}, "$9,000 in tuition"),
        (
            {"tuition_usd": "9000", "fees_usd": "75.50", "exam_usd": "0"},
            "$9,075.50 for what is given: tuition $9,000, fees $75.50, exam $0",
        ),
        (
            {"tuition_usd": "9000", "fees_usd": "75", "books_usd": "300", "exam_usd": "155"},
            "$9,530 in all: tuition $9,000, fees $75, books and supplies $300, exam $155",
        ),
    ],
)
def test_the_sum_comes_first_and_says_what_is_in_it(parts: dict[str, str], words: str) -> None:
    assert say_cost(make_match(**parts)) == words


def test_what_is_missing_is_to_be_asked_and_nothing_where_all_is_given() -> None:
    assert ask(make_match(tuition_usd="1")) == ["Fees, books and exams are not given. Ask what they add to the tuition"]
    assert ask(make_match(tuition_usd="1", fees_usd="0")) == [
        "Not given: books and supplies, exam. Ask what that adds to the cost"
    ]
    assert ask(make_match(tuition_usd="1", fees_usd="0", books_usd="2", exam_usd="3")) == []
