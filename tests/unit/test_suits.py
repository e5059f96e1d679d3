"""Which program suits whom: each rule by itself, on programs that differ in one trait."""

from dataclasses import replace

import pytest

from leadgen.guides.loader import list_programs, require_program
from leadgen.guides.suits import FITS, HALF, Wishes, suit
from leadgen.guides.traits import Hours, Patients, Posture, Traits

BASE = require_program("phlebotomy")
DESK = Traits(Patients.few, blood=False, hours=Hours.day, posture=Posture.desk)


def judge(wishes: Wishes, months: int | None = None, **traits: object) -> tuple[int, bool, str]:
    """Points, whether it is ruled out, and the reasons, of a desk job that differs in these traits."""
    program = replace(BASE, traits=replace(DESK, **traits))  # type: ignore[arg-type]
    (suited,) = suit([program], wishes, {} if months is None else {BASE.slug: months})
    return suited.points, suited.ruled_out, " ".join(str(reason.words) for reason in suited.reasons)


@pytest.mark.parametrize(("has", "points"), [(Patients.most, FITS), (Patients.some, HALF), (Patients.few, 0)])
def test_patients_count_by_how_far_apart_wish_and_work_are(has: Patients, points: int) -> None:
    assert judge(Wishes(patients=Patients.most), patients=has)[0] == points


def test_blood_rules_out_for_who_would_rather_see_none() -> None:
    assert judge(Wishes(no_blood=True), blood=True) == (0, True, "Blood or needles belong to it.")
    assert judge(Wishes(no_blood=True)) == (FITS, False, "You would see no blood.")
    assert judge(Wishes(), blood=True) == (0, False, "")


def test_shifts_do_not_suit_who_works_on_weekdays_only() -> None:
    assert judge(Wishes(daytime=True), hours=Hours.shifts)[0] == 0
    assert judge(Wishes(daytime=True))[0] == FITS


@pytest.mark.parametrize(("has", "points"), [(Posture.desk, FITS), (Posture.both, HALF), (Posture.feet, 0)])
def test_a_desk_suits_who_likes_one(has: Posture, points: int) -> None:
    assert judge(Wishes(posture=Posture.desk), posture=has)[0] == points


@pytest.mark.parametrize(
    ("shortest", "points", "words"),
    [
        (6, FITS, "takes 6 months"),
        (7, 0, "takes 7 months"),
        (1, FITS, "takes 1 month"),
        (None, 0, "gives no length"),
    ],
)
def test_length_is_that_of_the_shortest_course(shortest: int | None, points: int, words: str) -> None:
    found = judge(Wishes(months=6), shortest)
    assert found[0] == points
    assert words in found[2]


def test_what_is_ruled_out_comes_last_and_equals_keep_their_order() -> None:
    programs = list_programs()
    suited = suit(programs, Wishes(no_blood=True), {})
    assert [each.ruled_out for each in suited] == sorted(each.ruled_out for each in suited)
    assert [each.program for each in suit(programs, Wishes(), {})] == list(programs)


def test_desk_and_no_blood_lead_to_billing_and_not_to_the_operating_room() -> None:
    suited = suit(list_programs(), Wishes(Patients.few, True, True, Posture.desk, 12), {})
    assert suited[0].program.slug == "medical-billing-and-coding"
    assert suited[0].reasons
    assert suited[-1].ruled_out
