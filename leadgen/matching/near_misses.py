"""What to show where little fits: offerings that fail by one rule alone, and which rule that is.

Where every offering fails by more than one rule, those that fail by two are shown, with both.
"""

from collections.abc import Iterable
from itertools import chain, zip_longest
from math import inf
from typing import NamedTuple

from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.candidates import (
    make_candidates,
    measure_exactly,
    select_in_person,
    select_online,
)
from leadgen.matching.criteria import Criteria, NearMiss
from leadgen.matching.describe import Description, describe_offerings
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.kept import Kept
from leadgen.matching.reads import judge_all
from leadgen.matching.rules import Rule, RuleResult, judge
from leadgen.models import Control

# with this many offerings that fit, no near misses are looked for
MANY_MATCHES = 3
MOST_SHOWN = 5
MOST_FAILURES = 2
FIRST_LOOK_MILES = 250
# public schools that are shown besides: so many, so near, looked for among so many
MOST_PUBLIC, PUBLIC_MILES, MOST_LOOKED_AT = 2, 100, 40


class _Miss(NamedTuple):
    candidate: Candidate
    failures: tuple[RuleResult, ...]


def find_near_misses(
    session: Session, criteria: Criteria, place: Place, *, kept: Kept | None = None, receiving: bool = False
) -> tuple[NearMiss, ...]:
    """At most five schools that one rule keeps out, the nearest for each rule first, the rules in turn; with
    ``receiving`` none that is only listed. Then public schools near by, which cost least, where none is among them.

    A school that takes no inquiries is no near miss: nothing that she could change would help. ``kept`` is the
    directory in memory, which gives the few that matter of all that the database has.
    """
    near = max(FIRST_LOOK_MILES, 2 * (criteria.within_miles or 0))
    picked: list[_Miss] = []
    for radius_miles in (near, None):
        if kept:
            offerings = kept.pick_nearly(criteria, place, radius_miles, receiving=receiving)
        else:
            offerings = _select_offerings(session, criteria, place, radius_miles, receiving)
        misses = _find_misses(make_candidates(session, criteria, place, offerings))
        picked = _pick(misses)
        if len(picked) == MOST_SHOWN:
            break
    nearest = [miss for miss in _take_nearest(misses) if miss not in picked][:MOST_LOOKED_AT]
    described = _describe(session, [_judge(measure_exactly(miss.candidate, place)) for miss in [*picked, *nearest]])
    shown, others = described[: len(picked)], described[len(picked) :]
    return (*shown, *_add_public(shown, others))


def _select_offerings(
    session: Session, criteria: Criteria, place: Place, radius_miles: float | None, receiving: bool
) -> list[OfferingFacts]:
    offerings = select_in_person(session, criteria.program, place, radius_miles)
    offerings += select_online(session, criteria.program, None)
    return [offering for offering in offerings if not (receiving and offering.listed)]


def _add_public(shown: tuple[NearMiss, ...], others: tuple[NearMiss, ...]) -> list[NearMiss]:
    wanted = MOST_PUBLIC - sum(miss.control is Control.public for miss in shown)
    return [miss for miss in others if miss.control is Control.public and _is_near(miss)][: max(wanted, 0)]


def _is_near(miss: NearMiss) -> bool:
    return miss.distance_miles is not None and miss.distance_miles <= PUBLIC_MILES


def _find_misses(candidates: Iterable[Candidate]) -> list[_Miss]:
    open_now = [candidate for candidate in candidates if candidate.takes_inquiries]
    misses = [_Miss(each, _list_failures(results)) for each, results in zip(open_now, judge_all(open_now), strict=True)]
    fewest = min((len(miss.failures) for miss in misses if miss.failures), default=0)
    return [miss for miss in misses if len(miss.failures) == fewest] if 0 < fewest <= MOST_FAILURES else []


def _judge(candidate: Candidate) -> _Miss:
    return _Miss(candidate, _list_failures(judge(candidate)))


def _list_failures(results: Iterable[RuleResult]) -> tuple[RuleResult, ...]:
    return tuple([result for result in results if not result.passed])


def _pick(misses: Iterable[_Miss]) -> list[_Miss]:
    """Each school once, then the nearest for each rule, the second nearest for each rule, and so on."""
    nearest = _take_nearest(misses)
    by_rule = [[miss for miss in nearest if miss.failures[0].rule is rule] for rule in Rule]
    return [miss for miss in chain.from_iterable(zip_longest(*by_rule)) if miss][:MOST_SHOWN]


def _take_nearest(misses: Iterable[_Miss]) -> list[_Miss]:
    """The nearest of each school, in that order."""
    nearest: dict[str, _Miss] = {}
    for miss in sorted(misses, key=_find_nearness):
        nearest.setdefault(miss.candidate.offering.school_id, miss)
    return list(nearest.values())


def _find_nearness(miss: _Miss) -> tuple[float, str]:
    miles = miss.candidate.miles
    return (inf if miles is None else miles), miss.candidate.offering.id


def _describe(session: Session, misses: list[_Miss]) -> tuple[NearMiss, ...]:
    described = describe_offerings(session, [miss.candidate.offering for miss in misses])
    return tuple(_name(miss, described[miss.candidate.offering.id]) for miss in misses)


def _name(miss: _Miss, description: Description) -> NearMiss:
    offering = miss.candidate.offering
    return NearMiss(
        offering_id=offering.id,
        school_id=offering.school_id,
        school=description.school,
        city=description.city,
        state=description.state,
        format=offering.format,
        distance_miles=miss.candidate.miles,
        rule=miss.failures[0].rule,
        reason="; ".join(result.words for result in miss.failures),
        listed=offering.listed,
        control=description.control,
    )
