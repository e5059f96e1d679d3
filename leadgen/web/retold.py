"""Why a school is on a list, in another language.

The reasons are kept with the list in English, as they were told when it was made. What they are made of is known: each
kind of sentence stands here with what fills it, is recognized by that, and said anew in the reader's language."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache

from flask import Flask

from leadgen.marks import N_
from leadgen.web.days import write_day
from leadgen.web.page import write_months
from leadgen.web.translate import find_language, gettext

ENGLISH = "en"

# as `leadgen.matching` says them (reasons.py, rules.py, course.py, near_misses.py)
SENTENCES = (
    N_("%(miles)s miles from your ZIP"),
    N_("%(miles)s miles from where you are"),
    N_("Partly online, partly on campus %(miles)s miles from your ZIP"),
    N_("Partly online, partly on campus %(miles)s miles from where you are"),
    N_("Online, and may enroll residents of %(state)s"),
    N_("Prepares for %(certifications)s, which you chose"),
    N_("Prepares for %(certifications)s"),
    N_("Has not said whether it prepares for %(certifications)s"),
    N_("Does not prepare for %(certifications)s"),
    N_("Certificate, as you asked"),
    N_("Diploma, as you asked"),
    N_("Associate degree, as you asked"),
    N_("Takes %(length)s, within the %(number)s you asked for"),
    N_("Takes %(length)s, within the %(months)s you asked for"),
    N_("Takes %(length)s, more than the %(number)s asked for"),
    N_("Takes %(length)s, more than the %(months)s asked for"),
    N_("Has not said how long it takes"),
    N_("Has not said how many months it takes, only %(length)s"),
    N_("Costs $%(cost)s, within the $%(number)s you asked for"),
    N_("Costs $%(cost)s, more than the $%(number)s asked for"),
    N_("Has not said what it costs"),
    N_("Has %(classes)s classes as you asked"),
    N_("Has %(classes)s classes, not %(others)s classes as asked"),
    N_("Has not said when its classes are"),
    N_("Starts %(day)s, by %(other_day)s as you asked"),
    N_("Starts %(day)s, later than %(other_day)s as asked"),
    N_("Has not said when it starts next; its last start was %(day)s"),
    N_("Has not said when it starts next"),
    N_("Taught in %(languages)s, as you asked"),
    N_("Taught in %(languages)s, not %(language)s as asked"),
    N_("Has not said in which languages it teaches"),
    N_("You meet its entry rules for age and education"),
    N_("cost is not given"),
    N_("length is not given"),
    N_("next start is not given"),
    N_("certifications it prepares for are not given"),
    N_("asks for %(schooling)s"),
    N_("asks for age %(number)s or over"),
    N_("the school has not given all its entry rules; most schools ask for %(usual)s"),
    # what keeps a school off the list
    N_("Has no room for more inquiries now"),
    N_("Has no room for more inquiries until %(when)s"),
    N_("Taught on campus, not %(way)s as asked"),
    N_("Taught online, not %(way)s as asked"),
    N_("Taught partly online, partly on campus, not %(way)s as asked"),
    N_("%(miles)s miles away, more than the %(number)s miles asked for"),
    N_("%(miles)s miles away, more than the %(number)s miles that the school serves"),
    N_("Does not serve people of %(place)s at its campus"),
    N_("Has not said which states' residents it may enroll online"),
    N_("Has not told us whether it may enroll residents of %(state)s"),
    N_("May not enroll residents of %(state)s online"),
    N_("Ends with %(award)s, not %(other_award)s as asked"),
    N_("Most schools ask for age %(number)s or over"),
    N_("Asks for age %(number)s or over"),
    N_("Most schools ask for %(schooling)s"),
    N_("Asks for %(schooling)s"),
)

# the parts that have words of their own
WORDS = {
    each: each
    for each in (
        N_("no diploma"),
        N_("a GED or high-school diploma"),
        N_("a high-school diploma"),
        N_("age 18 or over"),
        N_("campus"),
        N_("online"),
        N_("day"),
        N_("evening"),
        N_("weekend"),
        N_("self-paced"),
        N_("a certificate"),
        N_("a diploma"),
        N_("an associate degree"),
        N_("English"),
        N_("Spanish"),
        N_("Portuguese"),
        N_("French"),
        N_("Haitian Creole"),
        N_("Chinese"),
        N_("Vietnamese"),
        N_("Tagalog"),
        N_("Korean"),
        N_("Arabic"),
        N_("Russian"),
        N_("tomorrow"),
        N_("next week"),
        N_("next month"),
        N_("under 12 weeks"),
        N_("12 weeks to 1 year"),
        N_("1 to 2 years"),
        N_("2 years or more"),
        N_("2 to 4 years"),
    )
}

NUMBER, NAME, DAY = r"[\d,]+(?:\.\d+)?", r".+", r"[A-Z][a-z]+ \d{1,2}, \d{4}"
ALL, ONE = re.compile(r", | and "), re.compile(r", | or ")
MONTHS = re.compile(r"(\d+) months?")


def register(app: Flask) -> None:
    """Give the templates the filter `retold`."""
    app.add_template_filter(retell, "retold")


def retell(sentence: str) -> str:
    """A reason or a question of the list in the reader's language; as it is where nobody foresaw it."""
    if find_language() == ENGLISH:
        return sentence
    whole = _retell_one(sentence)
    return whole if whole != sentence else "; ".join(map(_retell_one, sentence.split("; ")))


def _retell_one(sentence: str) -> str:
    if known := WORDS.get(sentence):
        return gettext(known)
    for pattern, words in _list_patterns():
        if found := pattern.fullmatch(sentence):
            facts = {name: FILLED[name][1](fact) for name, fact in found.groupdict().items()}
            return gettext(words, **facts)
    return sentence


@cache
def _list_patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(_write_pattern(words)), words) for words in SENTENCES]


def _write_pattern(words: str) -> str:
    parts = re.split(r"%\((\w+)\)s", words)
    texts, names = map(re.escape, parts[::2]), parts[1::2]
    first, *rest = texts
    return first + "".join(f"(?P<{name}>{FILLED[name][0]}){text}" for name, text in zip(names, rest, strict=True))


def _name(word: str) -> str:
    return gettext(WORDS[word]) if word in WORDS else word


def _list(words: str) -> str:
    """Each on its own, then joined as the language joins them."""
    *most, last = map(_name, ALL.split(words))
    return gettext("%(listed)s and %(last)s", listed=", ".join(most), last=last) if most else last


def _choose(words: str) -> str:
    *most, last = map(_name, ONE.split(words))
    return gettext("%(listed)s or %(last)s", listed=", ".join(most), last=last) if most else last


def _write_length(words: str) -> str:
    """``9 months``, or a band such as ``1 to 2 years``."""
    found = MONTHS.fullmatch(words)
    return write_months(int(found[1])) if found else _name(words)


def _write_day(words: str) -> str:
    return write_day(datetime.strptime(words, "%B %d, %Y").date())  # noqa: DTZ007 - a day has no zone


def _keep(words: str) -> str:
    return words


# what each part looks like, and how it is said anew
FILLED: dict[str, tuple[str, Callable[[str], str]]] = {
    **dict.fromkeys(("miles", "number", "cost"), (NUMBER, _keep)),
    **dict.fromkeys(("state", "place"), (NAME, _keep)),
    **dict.fromkeys(("certifications", "languages"), (NAME, _list)),
    **dict.fromkeys(("schooling", "way", "award", "other_award", "language", "when"), (NAME, _name)),
    **dict.fromkeys(("day", "other_day"), (DAY, _write_day)),
    **dict.fromkeys(("length", "months"), (NAME, _write_length)),
    "classes": (NAME, _list),
    "others": (NAME, _choose),
    "usual": (NAME, _list),
}
