"""The map: points where they belong, numbers that can be read, words for who cannot see it."""

import gzip
import re
from itertools import combinations
from math import hypot
from xml.etree import ElementTree

import pytest

from leadgen.geo.albers import project, step
from leadgen.geo.distance import great_circle_miles
from leadgen.geo.map import PIN, Pin, draw_map, spread

CHICAGO = (41.8858, -87.6181)
PINS = [
    Pin(1, "Larkspur <Institute>, 0.5 miles", (41.88, -87.63)),
    Pin(2, "Quillwater, 12.7 miles", (42.04, -87.69)),
    Pin(3, "Same place as the first", (41.88, -87.63)),
]


def draw(radius: float | None = 50, centre: tuple[float, float] = CHICAGO) -> str:
    svg = draw_map(centre, radius, PINS, "Map: three schools")
    assert svg is not None
    return svg


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ((41.88, -87.6), (638.7, 226.0)),
        ((61.2, -149.9), (112.3, 544.4)),
        ((21.3, -157.8), (268.2, 549.3)),
        ((25.7, -80.2), (822.8, 573.9)),
    ],
)
def test_cities_lie_where_the_drawing_has_them(point: tuple[float, float], place: tuple[float, float]) -> None:
    assert project(*point) == pytest.approx(place, abs=0.1)


@pytest.mark.parametrize("point", [(18.4, -66.1), (13.4, 144.7), (0.0, 0.0)])
def test_the_territories_and_the_rest_of_the_world_are_on_no_drawing(point: tuple[float, float]) -> None:
    assert project(*point) is None
    assert draw_map(point, 50, PINS, "x") is None


def test_a_step_goes_as_far_as_it_says() -> None:
    for bearing in range(0, 360, 45):
        assert great_circle_miles(CHICAGO, step(CHICAGO, 50, bearing)) == pytest.approx(50, rel=0.002)


def test_the_picture_is_well_formed_escaped_and_small() -> None:
    svg = draw()
    ElementTree.fromstring(svg)
    assert "<Institute>" not in svg
    assert len(gzip.compress(svg.encode())) < 40_000
    assert "style=" not in svg


def test_every_school_is_named_for_who_cannot_see_it() -> None:
    svg = draw()
    assert 'role="img"' in svg
    for pin in PINS[1:]:
        assert svg.count(pin.label) == 2, "in the description and on the pin"


def test_no_two_pins_cover_each_other_or_the_prospect() -> None:
    home = (200.0, 160.0)
    spots = spread([(200, 160), (200, 160), (201, 160), (205, 163)], home)
    for (x, y), (other_x, other_y) in combinations(spots, 2):
        assert hypot(x - other_x, y - other_y) > 2 * PIN - 1
    assert all(hypot(x - home[0], y - home[1]) > PIN for x, y in spots)


def test_the_radius_is_drawn_only_where_there_is_one() -> None:
    assert "reach" in draw(50)
    assert "reach" not in draw(None)


def test_only_the_states_in_view_are_sent() -> None:
    near = len(re.findall('class="land"', draw(50)))
    far = draw_map(CHICAGO, None, [*PINS, Pin(4, "Far", (34.05, -118.2))], "x")
    assert far is not None
    assert near < 10
    assert len(re.findall('class="land"', far)) == 51
