"""Schools that fit a search, or nearly do: what staff may ask her about later, one school at a time."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.candidates import measure_exactly
from leadgen.matching.course import COURSE
from leadgen.matching.criteria import Criteria, Matched
from leadgen.matching.explain import Explanation, Judged, explain_all
from leadgen.matching.find import describe_matches, score_candidate
from leadgen.matching.near_misses import FIRST_LOOK_MILES
from leadgen.matching.rules import Rule, RuleResult, judge

MOST_MISSES = 2
COURSE_WISHES = {rule: wish for rule, wish, _ in COURSE}
# nothing that she or the school could give way in
NEVER_MISSED = frozenset({Rule.school, Rule.room, Rule.area, Rule.state, Rule.min_age})


@dataclass(frozen=True)
class Nearly:
    """The offering of a school that comes nearest. ``misses`` say which rules it fails; none where it fits."""

    matched: Matched
    misses: tuple[str, ...]


def list_nearly(session: Session, criteria: Criteria, without: Collection[str] = ()) -> list[Judged]:
    """The best offering of each school that fits or nearly fits, the nearest first, without some schools."""
    return _pick(explain_all(session, criteria), without)


def show_nearly(session: Session, place: Place, judged: Collection[Judged]) -> list[Nearly]:
    """These offerings with names, exact distances, reasons and misses."""
    scored = [score_candidate(measure_exactly(each.candidate, place)) for each in judged]
    described = describe_matches(session, scored)
    results = [judge(each.candidate) for each in scored]
    shown = zip(described, scored, results, strict=True)
    return [_tell(match, each.candidate.criteria, judged) for match, each, judged in shown]


def match_school(session: Session, criteria: Criteria, school_id: str) -> Nearly | None:
    """What one school has for this search; None where it does not even nearly fit, or takes no inquiries now."""
    explanation = explain_all(session, criteria)
    mine = replace(explanation, offerings=explanation.of_school(school_id))
    shown = show_nearly(session, explanation.place, _pick(mine, ()))
    return shown[0] if shown else None


def _pick(explanation: Explanation, without: Collection[str]) -> list[Judged]:
    best: dict[str, Judged] = {}
    for each in explanation.offerings:
        school_id = each.candidate.offering.school_id
        if school_id not in without and not each.candidate.offering.listed and _is_near(each):
            best.setdefault(school_id, each)
    return list(best.values())


def _is_near(judged: Judged) -> bool:
    missed = [result.rule for result in judged.results if not result.passed]
    if Rule.distance in missed and (judged.candidate.miles or 0) > _find_farthest(judged.candidate.criteria):
        return False
    return len(missed) <= MOST_MISSES and not NEVER_MISSED.intersection(missed)


def _find_farthest(criteria: Criteria) -> float:
    """Beyond this, a school that is too far away is not nearly near enough."""
    return max(FIRST_LOOK_MILES, 2 * (criteria.within_miles or 0))


def _says_something(matched: Matched, criteria: Criteria, result: RuleResult) -> bool:
    """Whether a rule that passed tells her something: where it is, what it ends with, what she asked for."""
    match result.rule:
        case Rule.distance | Rule.state:
            return (result.rule is Rule.state) is (matched.distance_miles is None)
        case Rule.certifications:
            return bool(criteria.certifications)
        case rule if rule in COURSE_WISHES:
            return getattr(criteria, COURSE_WISHES[rule]) not in (None, ())
        case rule:
            return rule is Rule.credential


def _tell(matched: Matched, criteria: Criteria, results: tuple[RuleResult, ...]) -> Nearly:
    misses = tuple(result.words for result in results if not result.passed)
    if not misses:
        return Nearly(matched, ())
    # the usual reasons speak of an offering that fits: here each is one that holds
    holds = tuple(result.words for result in results if result.passed and _says_something(matched, criteria, result))
    checks = tuple(words[:1].lower() + words[1:] for words in misses)
    return Nearly(replace(matched, reasons=holds, checks=checks + matched.checks), misses)
