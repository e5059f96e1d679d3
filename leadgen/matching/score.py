"""The score that orders the offerings that fit: 0 to 100, the same for everybody who asks the same.

======  =============================================================================================
points  for
======  =============================================================================================
60      nearness. In person: 1 - distance / reach, where reach is the smaller of her radius (250 miles
        where she set none) and the school's service area. Online: 1 where she asked for online, else 0.5
25      certifications. The share of those she asked for; where she asked for none, 1 for an offering
        that names any and 0.5 for one that does not
15      facts given: cost, length in months and next start, a third each
======  =============================================================================================

What schools pay is no input: `OfferingFacts` does not carry it. Nor is whether a school
takes inquiries through us. Every part is arithmetic on columns of one table, so that a database can compute it too.

Equals, whose scores are alike to two decimals, take turns: each draft puts their schools in an order of its own, which
is the same whenever that draft is looked at. Without a draft they go in the order of offering ids.
A school of which somebody complained lately (`leadgen.matching.complaints`) comes after its equals.
"""

from collections.abc import Collection
from hashlib import blake2b
from typing import Protocol

from leadgen.geo.distance import BAND
from leadgen.matching.criteria import Criteria, FormatWish, ScoreParts
from leadgen.matching.facts import OfferingFacts, find_reach_miles

NEARNESS_POINTS = 60
CERTIFICATION_POINTS = 25
FACTS_POINTS = 15
FAR_MILES = 250
HALF = 0.5

# by how much a score from a rough distance can miss the exact one: the band, and the rounding
ROUGHNESS = NEARNESS_POINTS * BAND + 0.01


# what each part can give at most, in words and points, in the order of `ScoreParts`
PARTS = (
    ("nearness", NEARNESS_POINTS),
    ("certifications", CERTIFICATION_POINTS),
    ("facts given", FACTS_POINTS),
)


def score_offering(offering: OfferingFacts, criteria: Criteria, miles: float | None) -> float:
    """0 to 100, to two decimals. ``miles`` is None for an online offering."""
    return round(sum(score_parts(offering, criteria, miles)), 2)


def score_parts(offering: OfferingFacts, criteria: Criteria, miles: float | None) -> ScoreParts:
    """What the score is made of."""
    return ScoreParts(
        NEARNESS_POINTS * _find_nearness(offering, criteria, miles),
        CERTIFICATION_POINTS * _find_certification_share(offering, criteria),
        FACTS_POINTS * _find_share_of_facts(offering),
    )


def say_parts(parts: ScoreParts) -> str:
    """Like ``45 of 60 for nearness, 25 of 25 for certifications, 10 of 15 for facts given``."""
    given = zip(parts, PARTS, strict=True)
    return ", ".join(f"{round(points, 2):g} of {most} for {name}" for points, (name, most) in given)


class Named(Protocol):
    """What tells an offering from its equals."""

    @property
    def id(self) -> str: ...
    @property
    def school_id(self) -> str: ...


def take_turns(seed: str, offering: Named, later: Collection[str] = ()) -> tuple[bool, bytes, str]:
    """Where an offering stands among its equals. ``seed`` is the draft's, or empty; schools in ``later`` come after the
    others.

    By the school, so that one with several equal offerings has no more turns than another."""
    turn = blake2b(offering.school_id.encode(), key=seed.encode()[:64], digest_size=8).digest() if seed else b""
    return offering.school_id in later, turn, offering.id


def _find_nearness(offering: OfferingFacts, criteria: Criteria, miles: float | None) -> float:
    if miles is None:
        return 1.0 if criteria.format is FormatWish.online else HALF
    reach = find_reach_miles(criteria, offering)
    if criteria.within_miles is None:
        reach = FAR_MILES if reach is None else min(reach, FAR_MILES)
    # a reach of zero is met only where she stands
    return max(0.0, 1 - miles / reach) if reach else 1.0


def _find_certification_share(offering: OfferingFacts, criteria: Criteria) -> float:
    if not criteria.certifications:
        return 1.0 if offering.certifications else HALF
    given = {name.casefold() for name in offering.certifications or ()}
    return sum(name.casefold() in given for name in criteria.certifications) / len(criteria.certifications)


def _find_share_of_facts(offering: OfferingFacts) -> float:
    facts = (offering.cost_usd, offering.length_months, offering.next_start)
    return sum(fact is not None for fact in facts) / len(facts)
