"""The rules that decide whether an offering fits: plain data in, decision and words out.

What was not asked passes. What a school has not given passes where it was not asked, and fails where it
was. Entry rules that are not given are judged by the usual ones, and `leadgen.matching.reasons` says so.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from leadgen.matching.course import COURSE, NOT_GIVEN, Decision, fits_course
from leadgen.matching.criteria import FormatWish
from leadgen.matching.facts import Candidate, find_reach_miles
from leadgen.models import Credential, Education, Format

USUAL_MIN_AGE = 18
USUAL_EDUCATION = Education.ged
EVERY_STATE = "*"
SPENT = "full in dollars"

EDUCATION_RANK = {Education.none: 0, Education.ged: 1, Education.high_school: 2}
EDUCATION_WORDS = {
    Education.none: "no diploma",
    Education.ged: "a GED or high-school diploma",
    Education.high_school: "a high-school diploma",
}
FORMAT_WORDS = {
    Format.campus: "Taught on campus",
    Format.online: "Taught online",
    Format.hybrid: "Taught partly online, partly on campus",
}
FORMATS_WISHED = {
    FormatWish.any: frozenset(Format),
    FormatWish.campus: frozenset({Format.campus, Format.hybrid}),
    FormatWish.online: frozenset({Format.online}),
}


class Rule(StrEnum):
    """The rules, in the order in which they are judged and shown."""

    school = "school"
    room = "room"
    format = "format"  # type: ignore[assignment]
    distance = "distance"
    area = "area"
    state = "state"
    credential = "credential"
    certifications = "certifications"
    length = "length"
    cost = "cost"
    schedule = "schedule"
    start = "start"
    language = "language"
    min_age = "min_age"
    education = "education"


class RuleResult(NamedTuple):
    """One rule on one offering: the offering's value, and the decision in words."""

    rule: Rule
    passed: bool
    value: str
    words: str


def join_words(words: tuple[str, ...] | list[str]) -> str:
    """``CPC``, ``CPC and CCS``, ``CPC, CCS and RHIT``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _judge_school(candidate: Candidate) -> RuleResult:
    passed = candidate.takes_inquiries
    if passed and candidate.offering.listed:
        return RuleResult(Rule.school, True, "listed", "Listed; does not take inquiries through us")
    return RuleResult(
        Rule.school,
        passed,
        "taking" if passed else "not taking",
        "Takes inquiries" if passed else "Does not take inquiries now",
    )


def _judge_room(candidate: Candidate) -> RuleResult:
    passed = candidate.has_room
    words = "Has room for an inquiry" if passed else "Has no room for more inquiries now"
    if candidate.room_again and not passed:
        words = f"Has no room for more inquiries until {candidate.room_again}"
    # the value is for staff: what a school spends is nothing to tell a prospect
    return RuleResult(Rule.room, passed, "room" if passed else SPENT if candidate.spent else "full", words)


def _judge_format(candidate: Candidate) -> RuleResult:
    taught = candidate.offering.format
    passed = taught in FORMATS_WISHED[candidate.criteria.format]
    words = FORMAT_WORDS[taught] if passed else f"{FORMAT_WORDS[taught]}, not {candidate.criteria.format} as asked"
    return RuleResult(Rule.format, passed, taught, words)


def _judge_distance(candidate: Candidate) -> RuleResult:
    if candidate.miles is None:
        return RuleResult(Rule.distance, True, "online", "Online, at any distance")
    value = f"{candidate.miles:,.1f} miles"
    reach = find_reach_miles(candidate.criteria, candidate.offering)
    if reach is None:
        return RuleResult(Rule.distance, True, value, f"{value} away, at any distance as asked")
    passed = candidate.miles <= reach
    whose = "asked for" if reach == candidate.criteria.within_miles else "that the school serves"
    words = f"{value} away, {'within' if passed else 'more than'} the {reach:,} miles {whose}"
    return RuleResult(Rule.distance, passed, value, words)


def _judge_area(candidate: Candidate) -> RuleResult:
    """In person, a school may serve certain states and ZIP codes alone; of those that it names, one is enough."""
    offering, zip_code = candidate.offering, candidate.criteria.zip[:5]
    states, zips = offering.service_states or (), offering.service_zips or ()
    if offering.format is Format.online or not (states or zips):
        return RuleResult(Rule.area, True, "anywhere", "Serves people wherever they live")
    passed = candidate.state in states or zip_code in zips or f"{zip_code[:3]}*" in zips
    words = f"{'Serves' if passed else 'Does not serve'} people of {zip_code}, {candidate.state} at its campus"
    return RuleResult(Rule.area, passed, ", ".join((*states, *zips)), words)


def _judge_state(candidate: Candidate) -> RuleResult:
    offering, state = candidate.offering, candidate.state
    if offering.format is Format.campus:
        return RuleResult(Rule.state, True, "on campus", "On campus, open to people of any state")
    if offering.online_states is None:
        return RuleResult(Rule.state, False, NOT_GIVEN, "Has not said which states' residents it may enroll online")
    passed = EVERY_STATE in offering.online_states or state in offering.online_states
    if offering.listed and not passed:
        # federal files do not tell: of its own state alone it is certain
        return RuleResult(Rule.state, False, NOT_GIVEN, f"Has not told us whether it may enroll residents of {state}")
    words = f"May {'' if passed else 'not '}enroll residents of {state} online"
    return RuleResult(Rule.state, passed, ", ".join(offering.online_states), words)


def _judge_credential(candidate: Candidate) -> RuleResult:
    given, asked = candidate.offering.credential, candidate.criteria.credential
    if asked is None or given is asked:
        return RuleResult(Rule.credential, True, given, f"Ends with {_with_article(given)}")
    return RuleResult(
        Rule.credential, False, given, f"Ends with {_with_article(given)}, not {_with_article(asked)} as asked"
    )


def _judge_certifications(candidate: Candidate) -> RuleResult:
    given, asked = candidate.offering.certifications, candidate.criteria.certifications
    value = NOT_GIVEN if given is None else ", ".join(given) or "none"
    if not asked:
        return RuleResult(Rule.certifications, True, value, "No certification was asked for")
    known = {name.casefold() for name in given or ()}
    missing = [name for name in asked if name.casefold() not in known]
    if not missing:
        return RuleResult(Rule.certifications, True, value, f"Prepares for {join_words(asked)}")
    words = f"Has not said whether it prepares for {join_words(missing)}"
    if given is not None:
        words = f"Does not prepare for {join_words(missing)}"
    return RuleResult(Rule.certifications, False, value, words)


def _judge_min_age(candidate: Candidate) -> RuleResult:
    given, age = candidate.offering.min_age, candidate.criteria.age
    needed = USUAL_MIN_AGE if given is None else given
    who = "Most schools ask" if given is None else "Asks"
    return RuleResult(
        Rule.min_age,
        age is None or age >= needed,
        NOT_GIVEN if given is None else str(given),
        f"{who} for age {needed} or over",
    )


def _judge_education(candidate: Candidate) -> RuleResult:
    given, has = candidate.offering.education, candidate.criteria.education
    needed = USUAL_EDUCATION if given is None else given
    who = "Most schools ask" if given is None else "Asks"
    return RuleResult(
        Rule.education,
        has is None or EDUCATION_RANK[has] >= EDUCATION_RANK[needed],
        NOT_GIVEN if given is None else given,
        f"{who} for {EDUCATION_WORDS[needed]}",
    )


def _name(rule: Rule, decide: Callable[[Candidate], Decision]) -> Callable[[Candidate], RuleResult]:
    def judge_rule(candidate: Candidate) -> RuleResult:
        return RuleResult(rule, *decide(candidate))

    return judge_rule


# those that decide whatever she asked; what she asked of the course is decided apart, at no cost where it is nothing
_ALWAYS: tuple[Callable[[Candidate], RuleResult], ...] = (
    _judge_school,
    _judge_room,
    _judge_format,
    _judge_distance,
    _judge_area,
    _judge_state,
    _judge_credential,
    _judge_certifications,
    _judge_min_age,
    _judge_education,
)
_BEFORE_COURSE = _ALWAYS.index(_judge_min_age)
JUDGES = (
    *_ALWAYS[:_BEFORE_COURSE],
    *(_name(Rule(rule), decide) for rule, _, decide in COURSE),
    *_ALWAYS[_BEFORE_COURSE:],
)


def judge(candidate: Candidate) -> tuple[RuleResult, ...]:
    """Every rule on one offering, in the order of `Rule`."""
    return tuple(judge_rule(candidate) for judge_rule in JUDGES)


def fits(candidate: Candidate) -> bool:
    """Whether every rule passes; stops at the first that fails."""
    return all(judge_rule(candidate).passed for judge_rule in _ALWAYS) and fits_course(candidate)


def find_first_failure(results: tuple[RuleResult, ...]) -> RuleResult | None:
    """The first rule that fails, None where all pass."""
    return next((result for result in results if not result.passed), None)


def _with_article(credential: Credential) -> str:
    return "an associate degree" if credential is Credential.associate else f"a {credential}"
