"""Which program suits me? Five questions, by plain rules, with the reasons shown. Nothing of it is kept."""

from enum import StrEnum
from typing import TypeVar

from flask import Response, request

from leadgen.guides.loader import list_programs
from leadgen.guides.suits import Wishes, suit
from leadgen.guides.traits import Patients, Posture
from leadgen.web.access import Audience, audience
from leadgen.web.page import show_asked
from leadgen.web.prospect.known import Known, find_known
from leadgen.web.prospect.pages import bp
from leadgen.web.translate import find_language, lazy_gettext

Word = TypeVar("Word", bound=StrEnum)

YES = "yes"
MONTHS = (3, 6, 12, 24)
NO_PREFERENCE = lazy_gettext("No preference")
# by the name in the address: the question, and the answers by their value
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "patients": (
        lazy_gettext("How much of your day would you like to spend with patients?"),
        {
            Patients.most: lazy_gettext("Most of it"),
            Patients.some: lazy_gettext("Some of it"),
            Patients.few: lazy_gettext("As little as can be"),
        },
    ),
    "no_blood": (
        lazy_gettext("How do you feel about blood and needles?"),
        {YES: lazy_gettext("I would rather see none")},
    ),
    "daytime": (
        lazy_gettext("When can you work?"),
        {YES: lazy_gettext("In the daytime on weekdays only")},
    ),
    "posture": (
        lazy_gettext("Where would you rather be?"),
        {Posture.desk: lazy_gettext("At a desk"), Posture.feet: lazy_gettext("On my feet")},
    ),
    "months": (
        lazy_gettext("How long may the training take?"),
        {str(each): lazy_gettext("Up to %(months)s months", months=each) for each in MONTHS},
    ),
}
# what no answer means, where that is more than no preference
ELSE = {"no_blood": lazy_gettext("They do not bother me"), "daytime": lazy_gettext("At any time")}


@bp.get("/programs/which")
@audience(Audience.everybody)
def which() -> Response:
    """The questions; below them, once one is answered, the programs in order with their reasons."""
    wishes, known = _read_wishes(), find_known()
    programs = list_programs(find_language())
    return show_asked(
        "prospect/which.html",
        questions=QUESTIONS,
        otherwise=ELSE,
        no_preference=NO_PREFERENCE,
        answers={name: request.args[name] for name in QUESTIONS if name in request.args},
        wishes=wishes,
        suited=suit(programs, wishes, _find_shortest(known)) if wishes.says_something else (),
        known=known,
    )


def _read_wishes() -> Wishes:
    """What the address says; what no question offers is no answer."""
    months = request.args.get("months", "")
    return Wishes(
        patients=_read_word("patients", Patients),
        no_blood=request.args.get("no_blood") == YES,
        daytime=request.args.get("daytime") == YES,
        posture=_read_word("posture", Posture),
        months=int(months) if months in QUESTIONS["months"][1] else None,
    )


def _read_word(name: str, words: type[Word]) -> Word | None:
    given = request.args.get(name, "")
    return words(given) if given in QUESTIONS[name][1] else None


def _find_shortest(known: Known) -> dict[str, int]:
    return {slug: int(each.months.least) for slug, each in known.programs.items() if each.months}
