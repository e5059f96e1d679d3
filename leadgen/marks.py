"""Marks on English words that are kept, compared, logged or raised in English and put into the reader's language only
where they are shown. Knows nothing of the web, so that rules and stages may use it."""

from collections.abc import Mapping
from datetime import date, datetime


class Said(str):
    """An English sentence that knows what it was made of: its words as translators see them, and what fills them."""

    words: str
    facts: Mapping[str, object]


class Day(str):
    """A day in English, which is written anew in another language."""

    day: date


def N_(words: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """``words`` as they are; `make messages` finds them by this name."""
    return words


def say(words: str, /, **facts: object) -> Said:
    """``words`` with ``%(name)s`` filled in. A fact that was said, is a day or names a state can be translated too."""
    said = Said(words % facts if facts else words)
    said.words, said.facts = words, facts
    return said


def say_day(day: date) -> Day:
    """Like ``March 4, 2027``."""
    said = Day(f"{day:%B} {day.day}, {day.year}")
    said.day = day
    return said


def say_moment(at: datetime) -> Said:
    """Like ``March 4, 2027 at 05:06:07 UTC``: to the second, because two at once are told apart by it."""
    return say("%(day)s at %(clock)s UTC", day=say_day(at.date()), clock=f"{at:%H:%M:%S}")
