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
from leadgen.matching.reads import NOT_BY_KIND, READS
from leadgen.matching.rules import JUDGES, Rule, RuleResult
from leadgen.matching.score import FAR_MILES, score_offering
from leadgen.models import Format

OWN = ("id", "school_id", "latitude", "longitude")
SHARED = tuple(name for name in OfferingFacts._fields if name not in OWN)


# a rule of which nobody says what it reads is asked about each kind, anew for each search that differs
JUDGES_BY_RULE = {rule: ask for rule, ask in zip(Rule, JUDGES, strict=True) if rule not in NOT_BY_KIND}
NOTHING = Criteria(program="", zip="", within_miles=None)
# answers kept: of rules, a byte a kind; of scores, eight
KEPT_ANSWERS, KEPT_SCORES = 256, 24

REACH_READS = ("within_miles",)
SCORE_READS = ("within_miles", "certifications", "format")

# which rules an offering fails, as one number: the first rule is the lowest bit
Bits = NDArray[np.uint32]
BIT = {rule: np.uint32(1 << number) for number, rule in enumerate(Rule)}

Read = Callable[[OfferingFacts], object]
Asked = tuple[tuple[str, Any], ...]


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
    """``facts`` holds one offering of each kind. Answers are kept for whoever asks the same."""

    def __init__(self, facts: Sequence[OfferingFacts]) -> None:
        self.facts, self._all = facts, np.ones(len(facts), np.bool_)
        self.listed = np.array([each.listed for each in facts], np.bool_)
        # else her ZIP code is no part of the question, and whoever lives in the state is given the same answer
        self._area_reads = ("zip",) if any(each.service_zips for each in facts) else ()
        self._groups: dict[object, _Groups] = {}
        self._judge = lru_cache(KEPT_ANSWERS)(self._judge_anew)
        self._reach = lru_cache(KEPT_SCORES)(self._reach_anew)
        self._score = lru_cache(KEPT_SCORES)(self._score_anew)

    def __reduce__(self) -> tuple[type["Kinds"], tuple[Sequence[OfferingFacts]]]:
        return Kinds, (self.facts,)

    def settle(self, criteria: Criteria, state: str) -> Settled:
        """Ask every rule about every kind."""
        fits = self._all
        for rule in JUDGES_BY_RULE:
            fits = fits & self._ask_rule(rule, criteria, state)
        reach = self.find_reach(criteria)
        fades = np.minimum(reach, FAR_MILES) if criteria.within_miles is None else reach
        return Settled(fits, reach, fades, self._score(_read(criteria, SCORE_READS)))

    def find_reach(self, criteria: Criteria) -> NDArray[np.float64]:
        """How many miles away each kind may be."""
        return self._reach(_read(criteria, REACH_READS))

    def find_failures(self, criteria: Criteria, state: str) -> Bits:
        """Which rules each kind fails, but for distance, school and room."""
        bits = np.zeros(len(self.facts), np.uint32)
        for rule in JUDGES_BY_RULE:
            bits |= np.where(self._ask_rule(rule, criteria, state), np.uint32(0), BIT[rule])
        return bits

    def _ask_rule(self, rule: Rule, criteria: Criteria, state: str) -> NDArray[np.bool_]:
        reads = READS.get(rule)
        if reads is None:
            return self._judge(rule, criteria, state)
        asked = _read(criteria, self._area_reads if rule is Rule.area else reads.criteria)
        return self._judge(rule, asked, state if reads.state else "")

    def _judge_anew(self, rule: Rule, asked: Criteria | Asked, state: str) -> NDArray[np.bool_]:
        names = READS[rule].offering if rule in READS else SHARED
        criteria = asked if isinstance(asked, Criteria) else replace(NOTHING, **dict(asked))
        return self._ask(rule, partial(_pick, names), partial(_passes, JUDGES_BY_RULE[rule], criteria, state)) > 0

    def _reach_anew(self, asked: Asked) -> NDArray[np.float64]:
        return self._ask("reach", _read_for_reach, partial(_find_reach, replace(NOTHING, **dict(asked))))

    def _score_anew(self, asked: Asked) -> NDArray[np.float64]:
        return self._ask("score", _read_for_score, partial(_score_far_away, replace(NOTHING, **dict(asked))))

    def _ask(self, name: object, read: Read, question: Callable[[OfferingFacts], float]) -> NDArray[np.float64]:
        """The answer for each kind, asked once of all that are alike in what ``read`` gives."""
        numbers, firsts = self._groups.get(name) or self._groups.setdefault(name, self._group(read))
        return np.array([question(self.facts[first]) for first in firsts], np.float64)[numbers]

    def _group(self, read: Read) -> _Groups:
        seen: dict[object, int] = {}
        numbers = np.array([seen.setdefault(read(facts), len(seen)) for facts in self.facts], np.intp)
        return _Groups(numbers, tuple(np.unique(numbers, return_index=True)[1].tolist()))


def _read(criteria: Criteria, names: tuple[str, ...]) -> Asked:
    """What she asked of these things, which is all that a rule looks at."""
    return tuple([(name, getattr(criteria, name)) for name in names])


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
    facts = (offering.cost_usd, offering.length_months, offering.next_start)
    given = tuple(fact is None for fact in facts)
    # a school that serves nobody but those where it stands is as near as can be
    return offering.format is Format.online, offering.certifications, given, offering.service_miles == 0
