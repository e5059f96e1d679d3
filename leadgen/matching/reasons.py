"""Why this school, and what to check before choosing it, in words for the prospect."""

from leadgen.matching.course import list_asked
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.rules import EDUCATION_WORDS, USUAL_EDUCATION, USUAL_MIN_AGE, join_words
from leadgen.models import Credential, Education, Format

CREDENTIAL_WORDS = {
    Credential.certificate: "Certificate",
    Credential.diploma: "Diploma",
    Credential.associate: "Associate degree",
}


def give_reasons(candidate: Candidate) -> tuple[str, ...]:
    """Why an offering that fits is shown: sentences without a full stop, what she asked for first."""
    offering, asked = candidate.offering, candidate.criteria
    reasons = [_say_where(candidate)]
    if asked.certifications:
        reasons.append(f"Prepares for {join_words(asked.certifications)}, which you chose")
    elif offering.certifications:
        reasons.append(f"Prepares for {join_words(offering.certifications)}")
    if asked.credential:
        reasons.append(f"{CREDENTIAL_WORDS[offering.credential]}, as you asked")
    reasons += [_speak_to_her(decision.words) for decision in list_asked(candidate)]
    if _answered_entry(candidate) and offering.min_age is not None and offering.education is not None:
        reasons.append("You meet its entry rules for age and education")
    return tuple(reasons)


def list_checks(candidate: Candidate) -> tuple[str, ...]:
    """What she should ask the school: phrases in lower case, to follow the words "To check"."""
    offering = candidate.offering
    checks = [f"{name} is not given" for name in _list_facts_not_given(offering)]
    if offering.certifications is None:
        checks.append("certifications it prepares for are not given")
    if offering.education not in (None, Education.none):
        checks.append(f"asks for {EDUCATION_WORDS[offering.education]}")
    if offering.min_age and candidate.criteria.age is None:
        checks.append(f"asks for age {offering.min_age} or over")
    if offering.min_age is None or offering.education is None:
        checks.append(_say_usual_entry_rules(offering))
    return tuple(checks)


def _speak_to_her(words: str) -> str:
    """A rule's words, to her who asked."""
    head, found, tail = words.rpartition(" asked")
    return f"{head} you asked{tail}" if found else words


def _say_where(candidate: Candidate) -> str:
    if candidate.miles is None:
        return f"Online, and may enroll residents of {candidate.state}"
    hers = "your ZIP" if candidate.criteria.latitude is None else "where you are"
    miles = f"{candidate.miles:,.1f} miles from {hers}"
    if candidate.offering.format is Format.hybrid:
        return f"Partly online, partly on campus {miles}"
    return miles


def _answered_entry(candidate: Candidate) -> bool:
    return candidate.criteria.age is not None and candidate.criteria.education is not None


def _list_facts_not_given(offering: OfferingFacts) -> list[str]:
    length = offering.length_months or offering.length
    facts = {"cost": offering.cost_usd, "length": length, "next start": offering.next_start}
    return [name for name, value in facts.items() if value is None]


def _say_usual_entry_rules(offering: OfferingFacts) -> str:
    usual = []
    if offering.min_age is None:
        usual.append(f"age {USUAL_MIN_AGE} or over")
    if offering.education is None:
        usual.append(EDUCATION_WORDS[USUAL_EDUCATION])
    return f"the school has not given all its entry rules; most schools ask for {join_words(usual)}"
