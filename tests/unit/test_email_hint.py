"""A slip in the domain of an e-mail address is noticed, and a rare domain is not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.intake.email_hint import COMMON, count_slips, suggest_email


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@gmail.con", "ada@gmail.com"),
        ("Ada@GMAIL.CO", "Ada@gmail.com"),
        ("ada@yaho.com", "ada@yahoo.com"),
        ("ada@hotmial.com", "ada@hotmail.com"),
        ("ada@outlok.com", "ada@outlook.com"),
        ("ada@iclod.com", "ada@icloud.com"),
        ("ada@comcast.com", None),
        ("ada@gmail.com", None),
        ("ada@mail.com", None),
        ("ada@mail.example", None),
        ("ada@hawaii.edu", None),
        ("ada@college.example", None),
        ("ada@ma.com", None),
        ("ada", None),
        ("@gmial.com", None),
        ("", None),
    ],
)
def test_a_slip_is_told_from_another_name(typed: str, meant: str | None) -> None:
    assert suggest_email(typed) == meant


@pytest.mark.parametrize("domain", COMMON)
def test_a_common_domain_is_never_put_right(domain: str) -> None:
    assert suggest_email(f"ada@{domain}") is None


@given(st.text(max_size=80))
def test_whatever_is_typed_gets_an_answer(typed: str) -> None:
    hint = suggest_email(typed)
    assert hint is None or hint.rpartition("@")[2] in COMMON


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_slips_are_counted_alike_both_ways(one: str, other: str) -> None:
    assert count_slips(one, other) == count_slips(other, one)
