"""Her answers in words, for the list's basis and the check page."""

from leadgen.guides.loader import require_program
from leadgen.intake.answers import Answers, Shown
from leadgen.matching.course import say_wishes
from leadgen.matching.criteria import DEFAULT_RADIUS_MILES, Criteria, FormatWish
from leadgen.models import Education
from leadgen.web.page import write_miles
from leadgen.web.prospect.details_form import BEST_WAYS, CONTACT_TIMES, SPEAKS
from leadgen.web.prospect.forms import ANY, CREDENTIALS, EDUCATION, FORMATS
from leadgen.web.translate import find_language, gettext, lazy_gettext, translate

NO_DIPLOMA = lazy_gettext("No high-school diploma or GED yet")


def say_program(answers: Answers) -> str:
    """The program's title, as she reads it and as her consent names it."""
    return require_program(answers.program, find_language()).title


def say_program_in_english(answers: Answers) -> str:
    """The program's title as schools and staff read it."""
    return require_program(answers.program).title


def say_award(answers: Answers) -> str:
    return CREDENTIALS[answers.credential or ANY]


def say_certifications(answers: Answers) -> str:
    return ", ".join(answers.certifications) or gettext("No preference")


def say_format(answers: Answers) -> str:
    return gettext("On a campus or online") if answers.format == FormatWish.any else FORMATS[answers.format]


def say_reach(answers: Answers) -> str:
    """``within 50 miles``, or ``at any distance``."""
    return (
        gettext("at any distance")
        if answers.any_distance
        else gettext("within %(miles)s miles", miles=answers.within_miles or DEFAULT_RADIUS_MILES)
    )


def say_place(shown: Shown) -> str:
    """``60432 (Joliet, IL)``, or ``near Joliet, IL 60432`` where her device told."""
    place = shown.place
    if shown.criteria.get("latitude") is not None:
        return gettext("near %(city)s, %(state)s %(zip)s", city=place["city"], state=place["state"], zip=place["zip"])
    return f"{place['zip']} ({place['city']}, {place['state']})"


def say_further(shown: Shown) -> str:
    """What she asked of the course besides, like ``At most $12,000 in all, evening classes``; else nothing."""
    phrases = ", ".join(map(translate, say_wishes(Criteria.from_json(shown.criteria))))
    return phrases[:1].upper() + phrases[1:]


def say_education(answers: Answers) -> str:
    return NO_DIPLOMA if answers.education == Education.none else EDUCATION[answers.education]


def say_times(answers: Answers) -> str:
    return ", ".join(str(CONTACT_TIMES[time]) for time in answers.person.contact_times) or gettext("Any time")


def say_prefers(answers: Answers) -> str:
    return str(BEST_WAYS.get(answers.person.prefers, BEST_WAYS[""]))


def say_language(answers: Answers) -> str:
    return str(SPEAKS.get(answers.person.language, SPEAKS[""]))


def say_nothing_near(answers: Answers, shown: Shown) -> str:
    """How far the nearest campus is, where it is farther than she would go; else nothing."""
    radius = shown.criteria["within_miles"]
    campuses = [miss for miss in shown.near_misses if miss["distance_miles"] is not None]
    nearest = min(campuses, key=lambda miss: miss["distance_miles"], default=None)
    if radius is None or nearest is None or nearest["distance_miles"] <= radius:
        return ""
    where = f"{nearest['city']}, {nearest['state']}"
    return gettext(
        "We found no %(program)s campus that fits within %(radius)s miles of %(place)s. "
        "The nearest we know is %(nearest)s away, in %(where)s.",
        program=say_program(answers),
        radius=radius,
        place=shown.place["zip"],
        nearest=write_miles(nearest["distance_miles"]),
        where=where,
    )
