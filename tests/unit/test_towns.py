"""Towns as people write them, and points that a device tells."""

import subprocess
import sys

import pytest

from leadgen.geo.distance import geodesic_miles
from leadgen.geo.nearest import NowhereNear, find_nearest
from leadgen.geo.towns import AmbiguousTown, UnknownTown, find_typed, say_town
from leadgen.geo.zips import MalformedZip, UnknownZip, find_place

# 13 as measured; all rows at once were 121
MOST_MEGABYTES = 40


@pytest.mark.parametrize(
    ("typed", "city", "state"),
    [
        ("Joliet, IL", "Joliet", "IL"),
        ("joliet il", "Joliet", "IL"),
        (" Joliet ,  Illinois ", "Joliet", "IL"),
        ("St. Louis, MO", "Saint Louis", "MO"),
        ("Ft Wayne Indiana", "Fort Wayne", "IN"),
        ("New York, New York", "New York", "NY"),
        ("Fargo North Dakota", "Fargo", "ND"),
        ("Washington, DC", "Washington", "DC"),
        ("Washington, D.C.", "Washington", "DC"),
        ("Washington D.C.", "Washington", "DC"),
        ("Washington, D. C.", "Washington", "DC"),
        ("Winston-Salem N. C.", "Winston Salem", "NC"),
        ("Apopka, FL", "Apopka", "FL"),
        ("San Juan, PR", "San Juan", "PR"),
        ("Pago Pago, American Samoa", "Pago Pago", "AS"),
        ("Coeur d'Alene, ID", "Coeur D Alene", "ID"),
        ("60432-1234", "Joliet", "IL"),
        ("60690", "Chicago", "IL"),
    ],
)
def test_a_town_is_found_as_people_write_it(typed, city, state):
    place = find_typed(typed)
    assert (place.city, place.state) == (city, state)


@pytest.mark.parametrize("typed", ["APO AE", "apo, ae 09012", "F.P.O. AP", "DPO AA 34031-1234", "96349"])
def test_mail_for_the_forces_goes_to_no_place(typed):
    with pytest.raises(UnknownZip, match="is a military mail address, which has no place"):
        find_typed(typed)


def test_a_town_is_its_zip_code_in_the_middle():
    place = find_typed("Chicago, IL")
    assert place == find_place(place.zip)
    assert geodesic_miles(place.point, (41.85, -87.68)) < 3


def test_a_name_that_many_states_have_asks_which():
    with pytest.raises(AmbiguousTown, match="more than one Springfield") as raised:
        find_typed("Springfield")
    names = [say_town(place) for place in raised.value.choices]
    assert {"Springfield, Illinois", "Springfield, Massachusetts", "Springfield, Ohio"} <= set(names)
    assert names == sorted(names)
    assert {place.city for place in raised.value.choices} == {"Springfield"}


def test_a_typing_error_is_answered_with_the_towns_it_may_be():
    with pytest.raises(UnknownTown, match="Did you mean") as raised:
        find_typed("Jolliet, IL")
    assert raised.value.choices[0].city == "Joliet"


@pytest.mark.parametrize("typed", ["Xqzzyt, IL", "Xqzzyt", "Joliet, Narnia", "☃", "," * 500])
def test_what_is_no_town_says_what_to_enter(typed):
    with pytest.raises(UnknownTown, match="ZIP code") as raised:
        find_typed(typed)
    assert raised.value.choices == ()


def test_what_begins_like_a_zip_is_judged_as_one():
    with pytest.raises(MalformedZip, match="five digits, like 60601, or a city and state"):
        find_typed("2139")
    with pytest.raises(UnknownZip):
        find_typed("00000")


@pytest.mark.parametrize(
    ("point", "city", "state", "timezone"),
    [
        ((41.5254, -88.0817), "Joliet", "IL", "America/Chicago"),
        ((13.47, 144.75), None, "GU", "Pacific/Guam"),
        ((51.88, -176.65), "Adak", "AK", "America/Adak"),
        ((-14.28, -170.70), "Pago Pago", "AS", "Pacific/Pago_Pago"),
    ],
)
def test_a_point_has_the_name_state_and_zone_of_the_nearest_zip(point, city, state, timezone):
    place = find_nearest(*point)
    assert (place.state, place.timezone) == (state, timezone)
    assert city in (None, place.city)
    assert place.point == (round(point[0], 2), round(point[1], 2))


@pytest.mark.parametrize("point", [(48.85, 2.35), (0.0, 0.0), (90.0, 0.0), (91.0, 0.0), (float("nan"), 0.0)])
def test_a_point_far_from_any_zip_is_refused(point):
    with pytest.raises(NowhereNear):
        find_nearest(*point)


def test_an_uninhabited_end_of_the_aleutians_has_no_zip_near():
    assert find_nearest(51.88, -177.5).state == "AK"
    with pytest.raises(NowhereNear):
        find_nearest(51.88, 177.5)


def test_to_know_the_towns_costs_a_process_little_memory() -> None:
    program = (
        "import gc, resource; from leadgen.geo.towns import find_typed; find_typed('60601');"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024;"
        "before = peak(); find_typed('Joliet, IL'); print(peak() - before)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(told.stdout) < MOST_MEGABYTES
