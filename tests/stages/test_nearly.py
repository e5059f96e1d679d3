"""Which schools staff may ask her about: those that fit, and those that one or two things keep out."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from leadgen.matching.criteria import Criteria
from leadgen.matching.nearly import list_nearly, match_school
from leadgen.models import Credential, Education, Format, SchoolStatus
from tests.builders import build_offering, build_school

PROGRAM = "medical-billing-and-coding"
WISH = Criteria(
    PROGRAM, "60601", within_miles=50, credential=Credential.certificate, age=18, education=Education.high_school
)
ROCKFORD = {"latitude": 42.2711, "longitude": -89.0937}
LOS_ANGELES = {"latitude": 34.0522, "longitude": -118.2437}
ONLINE = {"format": Format.online}


def add(session: Session, name: str, /, status: SchoolStatus = SchoolStatus.taking, **changes: Any) -> None:
    build_offering(session, build_school(session, id=name, name=name, status=status), **changes)


def names(session: Session, without: tuple[str, ...] = ()) -> list[str]:
    return [judged.candidate.offering.school_id for judged in list_nearly(session, WISH, without)]


def test_what_fits_stands_first_then_what_fewer_rules_keep_out(session: Session) -> None:
    add(session, "two", credential=Credential.associate, **ROCKFORD)
    add(session, "one", **ROCKFORD)
    add(session, "fits")
    assert names(session) == ["fits", "one", "two"]
    assert names(session, ("fits", "two")) == ["one"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": SchoolStatus.paused},
        {"min_age": 21},
        {"online_states": ("TX",), **ONLINE},
        LOS_ANGELES,
        {"format": Format.hybrid},
    ],
    ids=["takes none", "too young", "another state", "too far", "no state given"],
)
def test_what_nobody_could_give_way_in_is_left_out(session: Session, changes: dict[str, Any]) -> None:
    add(session, "out", **changes)
    assert names(session) == []
    assert match_school(session, WISH, "out") is None


def test_near_miss_says_what_keeps_it_out_and_only_what_holds(session: Session) -> None:
    add(session, "nearly", certifications=("CPC",), **ROCKFORD)
    found = match_school(session, WISH, "nearly")
    assert found is not None
    assert [miss.split(" away")[1] for miss in found.misses] == [", more than the 50 miles asked for"]
    assert found.matched.reasons == ("Ends with a certificate",)
    assert found.matched.checks[0].endswith("more than the 50 miles asked for")


def test_each_school_is_there_once_with_its_best_offering(session: Session) -> None:
    school = build_school(session, id="both", name="Both")
    build_offering(session, school, id="worse", credential=Credential.associate)
    build_offering(session, school, id="better")
    assert [judged.candidate.offering.id for judged in list_nearly(session, WISH)] == ["better"]
    found = match_school(session, WISH, "both")
    assert found is not None
    assert (found.matched.offering_id, found.misses) == ("better", ())
