"""What every competitor gives for one search: the exact total, and the first twenty with score, miles and reasons."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.candidates import measure_exactly
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate
from leadgen.matching.find import DEFAULT_LIMIT, find_matches
from leadgen.matching.reasons import give_reasons, list_checks
from leadgen.matching.rules import fits
from leadgen.matching.score import score_offering

FEET = 4  # decimals of a mile


class Shown(NamedTuple):
    """One match. Alike in every competitor."""

    offering_id: str
    score: float
    miles: float | None
    reasons: tuple[str, ...]
    checks: tuple[str, ...]


class Answer(NamedTuple):
    total: int
    first: tuple[Shown, ...]


class Competitor(Protocol):
    """``name`` as in the report."""

    name: str

    def find(self, criteria: Criteria) -> Answer:
        """The whole job."""


class Ours:
    """`find_matches` itself, in a session of its own as a request has it."""

    def __init__(self, session: Session, name: str) -> None:
        self.name, self._session = name, session

    def find(self, criteria: Criteria) -> Answer:
        found = find_matches(self._session, criteria)
        self._session.commit()
        return Answer(
            found.total,
            tuple(
                Shown(each.offering_id, each.score, _round(each.distance_miles), each.reasons, each.checks)
                for each in found.matches
            ),
        )


def finish(candidates: Iterable[Candidate], place: Place) -> Answer:
    """Rules, order and words in Python, as one has to write them around a library that only narrows by distance."""
    fitting = [(each, score_offering(each.offering, each.criteria, each.miles)) for each in candidates if fits(each)]
    near = sorted(fitting, key=lambda pair: -pair[1])
    if len(near) > DEFAULT_LIMIT:
        # the distances are rough: whoever may be among the first is measured
        least = near[DEFAULT_LIMIT - 1][1] - 1.0
        near = [pair for pair in near if pair[1] >= least]
    exact = [measure_exactly(each, place) for each, _ in near]
    ranked = sorted(
        (-score_offering(each.offering, each.criteria, each.miles), each.offering.id, each) for each in exact
    )
    return Answer(len(fitting), tuple(show(each, -score) for score, _, each in ranked[:DEFAULT_LIMIT]))


def show(candidate: Candidate, score: float) -> Shown:
    """One match in words."""
    miles = _round(candidate.miles)
    return Shown(candidate.offering.id, score, miles, give_reasons(candidate), list_checks(candidate))


def _round(miles: float | None) -> float | None:
    return None if miles is None else round(miles, FEET)
