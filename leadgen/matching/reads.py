"""What each rule reads, so that it need be asked but once of all offerings that are alike in that."""

from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.rules import JUDGES, Rule, RuleResult


class Reads(NamedTuple):
    """What a rule reads: of an offering, of what she asked, and whether of her state."""

    offering: tuple[str, ...]
    criteria: tuple[str, ...]
    state: bool = False


READS: dict[Rule, Reads] = {
    Rule.format: Reads(("format",), ("format",)),
    Rule.area: Reads(("format", "service_states", "service_zips"), ("zip",), state=True),
    Rule.state: Reads(("format", "online_states", "listed"), (), state=True),
    Rule.credential: Reads(("credential",), ("credential",)),
    Rule.certifications: Reads(("certifications",), ("certifications",)),
    Rule.length: Reads(("length_months", "award_level"), ("max_months",)),
    Rule.cost: Reads(("cost_usd",), ("max_cost_usd",)),
    Rule.schedule: Reads(("schedule",), ("schedules",)),
    Rule.start: Reads(("next_start",), ("start_by", "start_from")),
    Rule.language: Reads(("languages",), ("language",)),
    Rule.min_age: Reads(("min_age",), ("age",)),
    Rule.education: Reads(("education",), ("education",)),
}
# settled offering by offering
NOT_BY_KIND = frozenset({Rule.school, Rule.room, Rule.distance})

_Ask = Callable[[Candidate], RuleResult]


def judge_all(candidates: Iterable[Candidate]) -> list[tuple[RuleResult, ...]]:
    """What `leadgen.matching.rules.judge` gives for each, of one search: much sooner where many are alike."""
    asks = [_remember(rule, ask) for rule, ask in zip(Rule, JUDGES, strict=True)]
    return [tuple([ask(candidate) for ask in asks]) for candidate in candidates]


def _remember(rule: Rule, ask: _Ask) -> _Ask:
    reads = READS.get(rule)
    if reads is None:
        return ask
    pick: Callable[[OfferingFacts], Any] = itemgetter(*(OfferingFacts._fields.index(name) for name in reads.offering))
    known: dict[Hashable, RuleResult] = {}

    def recall(candidate: Candidate) -> RuleResult:
        seen = pick(candidate.offering)
        found = known.get(seen)
        if found is None:
            found = known[seen] = ask(candidate)
        return found

    return recall
