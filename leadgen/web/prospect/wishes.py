"""Her answers in words, for the list's basis and the check page."""

from leadgen.guides.loader import require_program
from leadgen.intake.answers import Answers
from leadgen.matching.criteria import DEFAULT_RADIUS_MILES, FormatWish
from leadgen.models import Education
from leadgen.web.prospect.details_form import CONTACT_TIMES
from leadgen.web.prospect.forms import ANY, CREDENTIALS, EDUCATION, FORMATS

NO_DIPLOMA = "No high-school diploma or GED yet"


def say_program(answers: Answers) -> str:
    """The program's title, as she reads it and as her consent names it."""
    return require_program(answers.program).title


def say_award(answers: Answers) -> str:
    return CREDENTIALS[answers.credential or ANY]


def say_certifications(answers: Answers) -> str:
    return ", ".join(answers.certifications) or "No preference"


def say_format(answers: Answers) -> str:
    return "On a campus or online" if answers.format == FormatWish.any else FORMATS[answers.format]


def say_reach(answers: Answers) -> str:
    """``within 50 miles``, or ``at any distance``."""
    return "at any distance" if answers.any_distance else f"within {answers.within_miles or DEFAULT_RADIUS_MILES} miles"


def say_education(answers: Answers) -> str:
    return NO_DIPLOMA if answers.education == Education.none else EDUCATION[answers.education]


def say_times(answers: Answers) -> str:
    return ", ".join(CONTACT_TIMES[time] for time in answers.person.contact_times) or "Any time"
