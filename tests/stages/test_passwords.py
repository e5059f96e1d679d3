"""A password is long, and nobody guesses it."""

import pytest

from leadgen.accounts.errors import AccountError
from leadgen.accounts.passwords import check_password, make_password

GOOD = [
    "correct horse battery",
    "¡tres tristes tigres tragaban!",
    "лошадь батарея скрепка верно",
    " spaces at both ends too ",
]
COMMON = [
    "passwordpassword",
    "aaaaaaaaaaaaaaaaaaaa",
    "123456789012345678",
    "qwertyuiopasdfgh",
    "abcdefghijklmnopqrstuvwxyz",
    "rita@firststep.example",
    "rita firststep rita firststep",
    "password12345678",
]


@pytest.mark.parametrize("password", GOOD)
def test_long_and_unusual_is_enough(password: str) -> None:
    check_password(password, "rita@firststep.example")


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_or_everybody_who_knows_her_would_guess_is_refused(password: str) -> None:
    with pytest.raises(AccountError, match="easy to guess"):
        check_password(password, "rita@firststep.example", "Rita Example")


def test_short_and_endless_are_refused() -> None:
    with pytest.raises(AccountError, match="has 14 characters"):
        check_password("fourteen chars")
    with pytest.raises(AccountError, match="too long"):
        check_password("correct horse " * 20)


def test_random_ones_pass() -> None:
    for _ in range(20):
        check_password(make_password(), "rita@firststep.example")
