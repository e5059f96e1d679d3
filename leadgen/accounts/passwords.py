"""Passwords: made, judged, and compared in the same time whether there is an account or not."""

import re
import secrets
from functools import cache

from flask_security import hash_password, verify_password

from leadgen.accounts.errors import AccountError
from leadgen.marks import say
from leadgen.models import User

MIN_PASSWORD_CHARACTERS = 15  # NIST SP 800-63B-4, section 3.1.1.2: passwords used without a second factor
MAX_PASSWORD_CHARACTERS = 128  # hashing takes time
LEAST_SCORE = 3  # of zxcvbn's 0 to 4: safe from guessing even where somebody has the hashes
JUDGED_CHARACTERS = 72  # zxcvbn takes no more
RANDOM_PASSWORD_BYTES = 15
SHORTEST_HINT = 3


def make_password() -> str:
    """A random password of 20 characters (120 bits)."""
    return secrets.token_urlsafe(RANDOM_PASSWORD_BYTES)


def check_password(password: str, *hints: str) -> None:
    """Raises AccountError where a password is too short, too long or easy to guess. Any characters will do.

    ``hints`` are texts that others know of the user: address, name, school."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise AccountError(
            say(
                "The password has %(characters)s characters. Use at least %(least)s.",
                characters=len(password),
                least=MIN_PASSWORD_CHARACTERS,
            )
        )
    if len(password) > MAX_PASSWORD_CHARACTERS:
        raise AccountError(
            say("The password is too long. Use at most %(most)s characters.", most=MAX_PASSWORD_CHARACTERS)
        )
    known = _list_known(hints)
    bare = password.lower()
    for word in known:
        bare = bare.replace(word, "")
    if _score(password, known) < LEAST_SCORE or (bare != password.lower() and _score(bare, known) < LEAST_SCORE):
        raise AccountError(
            say("This password is easy to guess. Use four or more unusual words, or a password manager.")
        )


def is_password_of(user: User | None, password: str) -> bool:
    """Whether this is the user's password. As slow where there is no user: hold no lock meanwhile."""
    if len(password) > MAX_PASSWORD_CHARACTERS:
        return False
    if user is None or not user.active:
        verify_password(password, _make_nobodys())
        return False
    return bool(verify_password(password, user.password))


def _score(password: str, known: list[str]) -> int:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists of words take 12 MB, of processes that seldom see a password

    return int(zxcvbn(password[:JUDGED_CHARACTERS], user_inputs=known)["score"]) if password else 0


def _list_known(hints: tuple[str, ...]) -> list[str]:
    parts = {part for hint in hints for part in (hint.lower(), *re.split(r"[\W_]+", hint.lower()))}
    return sorted((part for part in parts if len(part) >= SHORTEST_HINT), key=len, reverse=True)


@cache
def _make_nobodys() -> str:
    return str(hash_password(make_password()))
