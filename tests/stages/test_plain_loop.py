"""Finding gives the same answer, in the same order, as a plain loop over every row."""

from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from geopy.distance import geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadgen.geo.zips import find_place
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.find import find_matches
from leadgen.models import AwardLevel, Credential, Education, Format, Offering, SchoolStatus
from tests.builders import build_campus, build_offering, build_school
from tests.stages.searching import PROGRAM, searched

__all__ = ["searched"]  # a fixture, used by name

# Chicago; Guam; Adak and Wake Island, on either side of the antimeridian; Pago Pago; Fairbanks; San Juan
ZIPS = ["60601", "96910", "99546", "96898", "96799", "99701", "00901"]
EDUCATION = ["none", "ged", "high_school"]


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value about four times in five, so that most offerings fit and one thing at a time goes wrong."""
    return st.sampled_from([usual] * 4 * len(others) + [*others])


@st.composite
def offerings_around(draw: st.DrawFn, point: tuple[float, float], radius: float, schools: int) -> dict[str, Any]:
    """Values of one offering of one of so many schools, often close to the edge of the radius."""
    edges = st.sampled_from([0.0, 0.995, 1 - 1e-9, 1.0, 1 + 1e-9, 1.005, 1.5])
    factor = draw(st.one_of(st.integers(1, 999).map(lambda thousandths: thousandths / 1000), edges))
    end = geodesic(miles=draw(mostly(radius, 30)) * factor).destination(point, draw(st.integers(0, 359)))
    return {
        "latitude": end.latitude,
        "longitude": end.longitude,
        "program": draw(mostly(PROGRAM, "phlebotomy")),
        "format": draw(st.sampled_from([Format.campus, Format.campus, *Format])),
        "credential": draw(mostly(Credential.certificate, *Credential)),
        "service_miles": draw(mostly(None, 30)),
        "service_states": draw(mostly(None, ("IL", "AK"), ("AS", "GU"))),
        "service_zips": draw(mostly(None, ("606*", "967*", "995*"), ("60601", "96910", "99701"))),
        "length_months": draw(mostly(9, None, 10, 24)),
        "tuition_usd": draw(mostly(Decimal("9000"), None, Decimal("9000.01"))),
        "schedule": draw(mostly(("day", "evening"), None, ("weekend",))),
        "languages": draw(mostly(("English", "Spanish"), None, ("English",))),
        "award_level": draw(mostly(None, *AwardLevel)),
        "certifications": draw(mostly(("CPC", "CCS"), None, (), ("CCS",), ("CCS-P",))),
        "min_age": draw(mostly(None, 16, 21)),
        "education": draw(mostly(None, *Education)),
        "online_states": draw(mostly(("*",), None, ("IL", "AK"), ("GU", "WI"), ("HI",))),
        "next_start": draw(mostly(date(2027, 1, 11), None, date(2026, 9, 1), date(2027, 1, 12))),
        "retired": draw(mostly(False, True)),
        "school": draw(mostly(0, *range(1, schools))),
        "at_full": draw(mostly(False, True)),
    }


@st.composite
def searches(draw: st.DrawFn, most: int = 14, schools: int = 4) -> tuple[Criteria, int, list[dict[str, Any]]]:
    """A search, the number shown, and the directory of at most so many offerings that it meets."""
    zip_code = draw(st.sampled_from(ZIPS))
    within = draw(mostly(50, None, 0, 25, 600, 2500))
    around = offerings_around(find_place(zip_code).point, 300 if within is None else within, schools)
    criteria = Criteria(
        program=PROGRAM,
        zip=zip_code,
        format=draw(mostly(FormatWish.any, *FormatWish)),
        within_miles=within,
        credential=draw(mostly(None, *Credential)),
        certifications=draw(mostly((), ("CCS",), ("CCS", "CPC"))),
        age=draw(mostly(None, 17, 18, 40)),
        education=draw(mostly(None, *Education)),
        max_months=draw(mostly(None, 3, 9, 12, 24)),
        max_cost_usd=draw(mostly(None, 0, 9000)),
        schedules=draw(mostly((), ("evening",), ("weekend", "self-paced"))),
        start_by=draw(mostly(None, date(2027, 1, 11))),
        start_from=date(2026, 12, 1),
        language=draw(mostly(None, "spanish", "English")),
    )
    return criteria, draw(st.integers(1, 6)), draw(st.lists(around, max_size=most))


SEEDS = ["", "draft 7"]


@given(searches(), st.sampled_from(SEEDS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_answer_is_that_of_a_plain_loop_over_every_row(searched, session, search, seed):
    criteria, limit, rows = search
    session.rollback()
    schools = [
        build_school(session, part_caps=("phlebotomy: 0 a day", "campus Full: 0 a week")),
        build_school(session, status=SchoolStatus.paused),
        build_school(session, weekly_cap=0),
        build_school(session, status=SchoolStatus.paused, paused_until=date(2026, 1, 1), total_cap=1),
    ]
    full = build_campus(session, schools[0], name="Full")
    offerings = []
    for number, row in enumerate(rows):
        which, at_full = row["school"], row["at_full"] and row["school"] == 0
        given = {name: value for name, value in row.items() if name not in ("school", "at_full")}
        campus = full if at_full else None
        offerings.append(build_offering(session, schools[which], campus, id=f"o-{number:03}", **given))
    expected = answer_by_plain_loop(criteria, offerings, seed)
    found = find_matches(session, criteria, limit=limit, seed=seed)
    assert found.total == len(expected)
    assert [(match.offering_id, match.score) for match in found.matches] == [
        (offering_id, -score) for score, _, offering_id in expected[:limit]
    ]
    assert [match.rank for match in found.matches] == list(range(1, len(found.matches) + 1))


def answer_by_plain_loop(criteria: Criteria, offerings: list[Offering], seed: str) -> list[tuple[float, bytes, str]]:
    """Minus the score, the turn among equals and the id of every offering that fits, in order: the specification,
    word by word."""
    place = find_place(criteria.zip)
    answer = []
    for offering in offerings:
        miles = geodesic(place.point, (offering.latitude, offering.longitude)).miles
        if fits_by_specification(offering, criteria, place.state, miles):
            turn = blake2b(offering.school_id.encode(), key=seed.encode(), digest_size=8).digest() if seed else b""
            answer.append((-score_by_specification(offering, criteria, miles), turn, offering.id))
    return sorted(answer)


def has_room_by_specification(offering: Offering) -> bool:
    """Of the schools of the test: one is paused without an end, one takes none a week, one campus takes none."""
    school = offering.school
    is_paused = school.status == "paused" and school.paused_until is None
    return not is_paused and school.weekly_cap != 0 and offering.campus.name != "Full"


def fits_by_specification(offering: Offering, criteria: Criteria, state: str, miles: float) -> bool:
    if offering.program != criteria.program or offering.retired or not has_room_by_specification(offering):
        return False
    if offering.format != "online":
        if criteria.within_miles is not None and miles > criteria.within_miles:
            return False
        if offering.service_miles is not None and miles > offering.service_miles:
            return False
        if criteria.format == "online":
            return False
        served = [*(offering.service_states or ()), *(offering.service_zips or ())]
        if served and not {state, criteria.zip, criteria.zip[:3] + "*"} & set(served):
            return False
    if offering.format != "campus" and not {"*", state} & set(offering.online_states or ()):
        return False
    if offering.format == "online" and criteria.format == "campus":
        return False
    if criteria.credential and offering.credential != criteria.credential:
        return False
    if set(criteria.certifications) - set(offering.certifications or ()):
        return False
    if criteria.age is not None and criteria.age < (18 if offering.min_age is None else offering.min_age):
        return False
    if not fits_course_by_specification(offering, criteria):
        return False
    return criteria.education is None or EDUCATION.index(criteria.education) >= EDUCATION.index(
        offering.education or "ged"
    )


# the shortest and the longest course of each federal award level, in months
BANDS = {20: (0, 3), 21: (3, 12), 2: (12, 24), 3: (24, 9999), 4: (24, 48)}


def fits_course_by_specification(offering: Offering, criteria: Criteria) -> bool:
    longest = offering.length_months or BANDS.get(offering.award_level, (0, 9999))[1]
    if criteria.max_months is not None and longest > criteria.max_months:
        return False
    if criteria.max_cost_usd is not None and (offering.cost_usd is None or offering.cost_usd > criteria.max_cost_usd):
        return False
    if criteria.schedules and not any(each in (offering.schedule or ()) for each in criteria.schedules):
        return False
    if criteria.start_by and not (
        offering.next_start and criteria.start_from <= offering.next_start <= criteria.start_by
    ):
        return False
    spoken = [language.lower() for language in offering.languages or ()]
    return criteria.language is None or criteria.language.lower() in spoken


def score_by_specification(offering: Offering, criteria: Criteria, miles: float) -> float:
    if offering.format == "online":
        nearness = 1.0 if criteria.format == "online" else 0.5
    else:
        reach = 250 if criteria.within_miles is None else criteria.within_miles
        reach = reach if offering.service_miles is None else min(reach, offering.service_miles)
        nearness = max(0.0, 1 - miles / reach) if reach else 1.0
    share = 1.0 if criteria.certifications or offering.certifications else 0.5
    given = [offering.cost_usd, offering.length_months, offering.next_start]
    return round(60 * nearness + 25 * share + 15 * (3 - given.count(None)) / 3, 2)
