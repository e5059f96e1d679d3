"""Kinds of offerings: those that differ in nothing but id, school and place. Rules and scores are asked per kind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate, OfferingFacts, find_reach_miles
from leadgen.matching.rules import JUDGES, Rule, RuleResult
from leadgen.matching.score import FAR_MILES, score_offering
from leadgen.models import Format

OWN = ("id", "school_id", "latitude", "longitude")
SHARED = tuple(name for name in OfferingFacts._fields if name not in OWN)
# what each rule reads of an offering; a rule that is missing here may read everything, and her ZIP code
READS: dict[Rule, tuple[str, ...]] = {
    Rule.format: ("format",),
    Rule.state: ("format", "online_states", "listed"),
    Rule.credential: ("credential",),
    Rule.certifications: ("certifications",),
    Rule.min_age: ("min_age",),
    Rule.education: ("education",),
}
# settled offering by offering
NOT_BY_KIND = frozenset({Rule.school, Rule.room, Rule.distance})
UNKNOWN = frozenset(Rule) - NOT_BY_KIND - frozenset(READS)
KEPT_SEARCHES = 16

Read = Callable[[OfferingFacts], Any]


class Settled(NamedTuple):
    """What a search makes of each kind: whether it fits but for distance, school and room; how many miles away it may
    be; over how many miles its nearness fades to nothing; and its score without nearness in person."""

    fits: NDArray[np.bool_]
    reach: NDArray[np.float64]
    fades: NDArray[np.float64]
    base: NDArray[np.float64]


class _Groups(NamedTuple):
    """Kinds that are alike in what is read of them: the group of each kind, and the first kind of each group."""

    numbers: NDArray[np.intp]
    firsts: tuple[int, ...]


class Kinds:
    """``facts`` holds one offering of each kind."""

    def __init__(self, facts: Sequence[OfferingFacts]) -> None:
        self.facts = facts
        self._groups: dict[object, _Groups] = {}
        self._kept = lru_cache(maxsize=KEPT_SEARCHES)(self._settle)

    def settle(self, criteria: Criteria, state: str) -> Settled:
        """Ask every rule about every kind. The answers are kept for others of that state who ask the same."""
        return self._kept(criteria if UNKNOWN else replace(criteria, zip=""), state)

    def _settle(self, criteria: Criteria, state: str) -> Settled:
        fits = np.ones(len(self.facts), np.bool_)
        for rule, judge_rule in zip(Rule, JUDGES, strict=True):
            if rule not in NOT_BY_KIND:
                passes = partial(_passes, judge_rule, criteria, state)
                fits &= self._ask(rule, partial(_pick, READS.get(rule, SHARED)), passes) > 0
        reach = self._ask("reach", _read_for_reach, partial(_find_reach, criteria))
        fades = np.minimum(reach, FAR_MILES) if criteria.within_miles is None else reach
        base = self._ask("score", _read_for_score, partial(_score_far_away, criteria))
        return Settled(fits, reach, fades, base)

    def _ask(self, name: object, read: Read, question: Callable[[OfferingFacts], float]) -> NDArray[np.float64]:
        """The answer for each kind, asked once of all that are alike in what ``read`` gives."""
        numbers, firsts = self._groups.get(name) or self._groups.setdefault(name, self._group(read))
        return np.array([question(self.facts[first]) for first in firsts], np.float64)[numbers]

    def _group(self, read: Read) -> _Groups:
        seen: dict[object, int] = {}
        numbers = np.array([seen.setdefault(read(facts), len(seen)) for facts in self.facts], np.intp)
        return _Groups(numbers, tuple(np.unique(numbers, return_index=True)[1].tolist()))


def stand(offering: OfferingFacts, miles: float) -> float | None:
    """The distance of a candidate: None for an online offering."""
    return None if offering.format is Format.online else miles


def _passes(
    judge_rule: Callable[[Candidate], RuleResult], criteria: Criteria, state: str, offering: OfferingFacts
) -> bool:
    return judge_rule(Candidate(offering, criteria, state, stand(offering, 0.0))).passed


def _find_reach(criteria: Criteria, offering: OfferingFacts) -> float:
    reach = None if offering.format is Format.online else find_reach_miles(criteria, offering)
    return inf if reach is None else reach


def _score_far_away(criteria: Criteria, offering: OfferingFacts) -> float:
    return score_offering(offering, criteria, stand(offering, inf))


def _pick(names: tuple[str, ...], offering: OfferingFacts) -> tuple[object, ...]:
    return tuple(getattr(offering, name) for name in names)


def _read_for_reach(offering: OfferingFacts) -> tuple[object, ...]:
    return offering.format is Format.online, offering.service_miles


def _read_for_score(offering: OfferingFacts) -> tuple[object, ...]:
    facts = (offering.tuition_usd, offering.length_months, offering.next_start)
    given = tuple(fact is None for fact in facts)
    # a school that serves nobody but those where it stands is as near as can be
    return offering.format is Format.online, offering.certifications, given, offering.service_miles == 0
