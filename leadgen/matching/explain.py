"""Every offering of a program against one search: each rule, its value, passed or failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.candidates import (
    make_candidates,
    measure_exactly,
    select_in_person,
    select_online,
)
from leadgen.matching.criteria import Criteria, ScoreParts
from leadgen.matching.describe import Description, describe_offerings
from leadgen.matching.facts import Candidate
from leadgen.matching.kept import read_stamp
from leadgen.matching.reads import judge_all
from leadgen.matching.rules import RuleResult, find_first_failure, judge
from leadgen.matching.score import say_parts, score_parts
from leadgen.models import School


@dataclass(frozen=True, slots=True)
class Judged:
    """One offering with the result of every rule. ``results`` is in the order of `Rule`."""

    candidate: Candidate
    results: tuple[RuleResult, ...]

    @property
    def fits(self) -> bool:
        return self.first_failure is None

    @property
    def first_failure(self) -> RuleResult | None:
        return find_first_failure(self.results)

    @property
    def fails_by_one(self) -> bool:
        """Whether one rule alone keeps it out."""
        return sum(not result.passed for result in self.results) == 1


@dataclass(frozen=True, slots=True)
class Explained:
    """A judged offering with its names and its exact distance (None online), as it is shown."""

    judged: Judged
    description: Description
    distance_miles: float | None

    @property
    def parts(self) -> ScoreParts:
        """What its score is made of, whether it fits or not."""
        candidate = self.judged.candidate
        return score_parts(candidate.offering, candidate.criteria, candidate.miles)

    @property
    def score(self) -> float:
        """0 to 100."""
        return round(sum(self.parts), 2)

    @property
    def says_parts(self) -> str:
        """The parts in words."""
        return say_parts(self.parts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """All offerings of the program: first those that fit, then by how many rules fail, then by distance.

    Distances are exact where they decide; `show` makes them so for the page that is shown.
    """

    criteria: Criteria
    place: Place
    directory_version: int | None
    offerings: tuple[Judged, ...]

    @property
    def total(self) -> int:
        """How many fit."""
        return sum(judged.fits for judged in self.offerings)

    def of_school(self, school_id: str) -> tuple[Judged, ...]:
        """What one school offers, in the same order."""
        return tuple(judged for judged in self.offerings if judged.candidate.offering.school_id == school_id)

    def show(self, session: Session, judged: Iterable[Judged]) -> tuple[Explained, ...]:
        """One page of the offerings, with names and exact distances."""
        exact = [_judge(measure_exactly(one.candidate, self.place)) for one in judged]
        described = describe_offerings(session, [one.candidate.offering for one in exact])
        return tuple(Explained(one, described[one.candidate.offering.id], one.candidate.miles) for one in exact)


def find_school_ids(session: Session, name: str) -> frozenset[str]:
    """The schools whose name holds these words, in upper or lower case."""
    held = func.lower(School.name).contains(name.lower(), autoescape=True)
    return frozenset(session.scalars(select(School.id).where(held)))


def explain_all(session: Session, criteria: Criteria) -> Explanation:
    """Judge every offering of the program. Raises `leadgen.geo.zips.ZipError` as `find_matches` does."""
    place = criteria.find_place()
    offerings = select_in_person(session, criteria.program, place, None)
    offerings += select_online(session, criteria.program, None)
    candidates = make_candidates(session, criteria, place, offerings)
    judged = map(Judged, candidates, judge_all(candidates))
    return Explanation(criteria, place, read_stamp(session).newest, tuple(sorted(judged, key=_order)))


def _judge(candidate: Candidate) -> Judged:
    return Judged(candidate, judge(candidate))


def _order(judged: Judged) -> tuple[int, float, str]:
    miles = judged.candidate.miles
    failures = sum(not result.passed for result in judged.results)
    return failures, (inf if miles is None else miles), judged.candidate.offering.id
