"""What to ask a school before choosing it, beyond what its rules say: plain facts, and the same for every school."""

from leadgen.intake.answers import ShownMatch, ShownSchool
from leadgen.models import Control
from leadgen.web.prospect.cost import EXTRAS, list_missing
from leadgen.web.translate import gettext


def list_questions(school: ShownSchool, main: ShownMatch) -> list[str]:
    """Sentences without a full stop."""
    questions = []
    if not school.accreditor:
        questions.append(
            gettext("No accreditor is given. Ask for its name: federal aid and credit transfer depend on it")
        )
    if school.control == Control.for_profit and main.tuition_usd is None:
        questions.append(gettext("It is run for profit and gives no price. Ask for the whole cost in writing"))
    if main.tuition_usd is not None and (missing := list_missing(main)):
        questions.append(_ask_for(missing))
    if school.awards == 0:
        questions.append(gettext("It reported no awards in this program that year. Ask how many finished"))
    return questions


def _ask_for(missing: list[str]) -> str:
    if len(missing) == len(EXTRAS):
        return gettext("Fees, books and exams are not given. Ask what they add to the tuition")
    return gettext("Not given: %(parts)s. Ask what that adds to the cost", parts=", ".join(missing))
