"""Near misses from memory are those that the database gives, in the same order."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from leadgen.geo.zips import find_place
from leadgen.matching.criteria import Criteria
from leadgen.matching.near_misses import find_near_misses
from leadgen.models import Origin, School, SchoolStatus
from tests.builders import build_campus, build_offering, build_school
from tests.stages.searching import BuiltForEach
from tests.stages.test_plain_loop import searches

SCHOOLS = 9


def build_schools(session: Session) -> list[School]:
    """Four of the usual trouble, and others, so that more schools nearly fit than are shown."""
    return [
        build_school(session, part_caps=("phlebotomy: 0 a day", "campus Full: 0 a week")),
        build_school(session, status=SchoolStatus.paused),
        build_school(session, weekly_cap=0),
        build_school(session, status=SchoolStatus.paused, paused_until=date(2026, 1, 1), total_cap=1),
        *(build_school(session, origin=Origin.ipeds, listed=number % 2 == 0) for number in range(SCHOOLS - 4)),
    ]


@given(searches(most=40, schools=SCHOOLS), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_near_misses_are_the_same_from_memory(
    session: Session, search: tuple[Criteria, int, list[dict[str, Any]]], receiving: bool
) -> None:
    criteria, _, rows = search
    session.rollback()
    schools = build_schools(session)
    full = build_campus(session, schools[0], name="Full")
    for number, row in enumerate(rows):
        which, at_full = row["school"], row["at_full"] and row["school"] == 0
        values = {name: value for name, value in row.items() if name not in ("school", "at_full")}
        school = schools[which]
        campus = full if at_full else None
        build_offering(session, school, campus, id=f"o-{number:03}", listed=school.listed, **values)
    place, kept = find_place(criteria.zip), BuiltForEach().find(session)
    ours = find_near_misses(session, criteria, place, kept=kept, receiving=receiving)
    assert ours == find_near_misses(session, criteria, place, receiving=receiving)
