"""Those who search: where campuses are dense, people are too. The same for every competitor and round."""

from collections.abc import Sequence
from random import Random
from typing import Any

from leadgen.geo.zips import ZipError, find_place
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.models import Credential, Education
from tests.benchmarks.match.town import PROGRAMS, SEED

RADII = ((25, 25), (50, 60), (100, 15))


def make_searches(spots: Sequence[dict[str, Any]], count: int) -> list[Criteria]:
    """So many searches for the first program, from ZIP codes that can be placed."""
    dice, searches = Random(SEED + 1), []
    while len(searches) < count:
        criteria = _ask(dice, dice.choice(spots)["zip"])
        try:
            find_place(criteria.zip)
        except ZipError:
            continue
        searches.append(criteria)
    return searches


def _ask(dice: Random, zip_code: str) -> Criteria:
    answered = dice.random() < 0.5
    return Criteria(
        program=PROGRAMS[0],
        zip=zip_code,
        format=FormatWish.any if dice.random() < 0.7 else FormatWish.campus,
        within_miles=dice.choices([miles for miles, _ in RADII], [share for _, share in RADII])[0],
        credential=Credential.certificate if dice.random() < 0.15 else None,
        certifications=("CPC",) if dice.random() < 0.25 else (),
        age=18 if answered else None,
        education=Education.ged if answered else None,
    )
