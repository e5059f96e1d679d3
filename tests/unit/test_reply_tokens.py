"""The token in the buttons of a lead's letter holds for one lead, school, endpoint and address."""

from dataclasses import replace

import pytest

from leadgen.tokens import ReplyTo, is_genuine_reply, make_reply_token, read_reply_token, went_there

SECRET = "a secret of this test"
TO = ReplyTo("LD-7K2M-94QD", "larkspur", 12, "admissions@larkspur.example")
TOKEN = make_reply_token(TO, SECRET)


def test_token_says_which_lead_and_endpoint_and_no_address() -> None:
    assert read_reply_token(TOKEN) == ("LD-7K2M-94QD", 12)
    assert is_genuine_reply(TOKEN, TO, SECRET)
    assert went_there(TOKEN, TO, SECRET)
    assert "larkspur" not in TOKEN


@pytest.mark.parametrize("change", [{"lead": "LD-7K2M-94QE"}, {"school": "bramble"}, {"endpoint": 13}])
def test_token_of_another_lead_school_or_endpoint_is_not_genuine(change: dict[str, object]) -> None:
    assert not is_genuine_reply(TOKEN, replace(TO, **change), SECRET)  # type: ignore[arg-type]


def test_token_of_another_address_is_genuine_and_went_elsewhere() -> None:
    moved = replace(TO, address="office@larkspur.example")
    assert is_genuine_reply(TOKEN, moved, SECRET)
    assert not went_there(TOKEN, moved, SECRET)


def test_nobody_makes_one_without_the_secret() -> None:
    assert not is_genuine_reply(make_reply_token(TO, "another secret"), TO, SECRET)
    lead, endpoint, digest, mac = TOKEN.split("-")
    assert not is_genuine_reply("-".join((lead, endpoint, digest[::-1], mac)), TO, SECRET)


@pytest.mark.parametrize(
    "odd", ["", "---", "x", "LD7K2M94QD-12--x", "LD7K2M94QD-x-a-b", "LD7K2M94QD-1²-a-b", "LD-7-a-b", "a-" * 9_000]
)
def test_what_is_no_token_names_nothing(odd: str) -> None:
    assert read_reply_token(odd) is None
