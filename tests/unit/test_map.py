"""The map: points where they belong, numbers that can be read, words for who cannot see it."""

import gzip
import re
from collections.abc import Sequence
from itertools import combinations, pairwise
from random import Random
from time import perf_counter
from xml.etree import ElementTree

import pytest

from leadgen.geo.albers import find_part
from leadgen.geo.distance import Point, geodesic_miles
from leadgen.geo.land import clip, draw_land, is_in_ring
from leadgen.geo.map import Home, Scene, draw_map
from leadgen.geo.map_file import draw_file
from leadgen.geo.pins import Pin, set_badges, write_numbers
from leadgen.geo.view import HEIGHT, WIDTH, choose_view, ring

CHICAGO = (41.8858, -87.6181)
ANCHORAGE, ADAK, HONOLULU = (61.2, -149.9), (51.88, -176.65), (21.3, -157.86)
SAN_JUAN, GUAM, PAGO_PAGO = (18.4, -66.1), (13.47, 144.75), (-14.28, -170.7)
LUBEC, KEY_WEST, SAN_DIEGO, ATTU = (44.86, -66.98), (24.55, -81.8), (32.72, -117.16), (52.9, 172.9)
EVERYWHERE = [
    CHICAGO, ANCHORAGE, ADAK, HONOLULU, SAN_JUAN, GUAM, PAGO_PAGO, LUBEC, KEY_WEST, SAN_DIEGO, ATTU,
]  # fmt: skip
PINS = [
    Pin(1, "Larkspur <Institute>, 0.5 miles", (41.88, -87.63), "Chicago", "IL"),
    Pin(2, "Quillwater, 12.7 miles", (42.04, -87.69), "Evanston", "IL"),
    Pin(3, "Same place as the first", (41.88, -87.63), "Chicago", "IL"),
]


def draw(centre: Point = CHICAGO, radius: float | None = 50, pins: Sequence[Pin] = PINS, **changes: object) -> str:
    circles = [(centre, radius)] if radius else []
    svg = draw_map(Scene("Map: schools", pins, Home(centre, "Chicago"), circles, **changes))  # type: ignore[arg-type]
    assert svg is not None
    return svg


def scatter(centre: Point, count: int, degrees: float) -> list[Pin]:
    random = Random(7)
    spots = [(centre[0] + random.gauss(0, degrees), centre[1] + random.gauss(0, degrees)) for _ in range(count)]
    return [Pin(at, f"School {at}", spot, f"Town {at}", "IL") for at, spot in enumerate(spots, 1)]


def read_spots(svg: str) -> list[tuple[float, float]]:
    found = re.findall(r'class="spot" cx="([-\d.]+)" cy="([-\d.]+)"', svg)
    return [(float(x), float(y)) for x, y in found]


def read_reach(svg: str) -> list[tuple[float, float]]:
    (points,) = re.findall(r'class="reach" points="([^"]+)"', svg)
    return [(float(x), float(y)) for x, y in (each.split(",") for each in points.split())]


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ((41.88, -87.6), (638.7, 226.0)),
        ((61.2, -149.9), (112.3, 544.4)),
        ((21.3, -157.8), (268.2, 549.3)),
        ((25.7, -80.2), (822.8, 573.9)),
    ],
)
def test_cities_lie_where_the_drawing_has_them(point: Point, place: tuple[float, float]) -> None:
    assert find_part(point).place(*point) == pytest.approx(place, abs=0.1)


@pytest.mark.parametrize("miles", [10, 50, 250])
@pytest.mark.parametrize("centre", EVERYWHERE)
def test_the_radius_is_a_circle_on_the_ground(centre: Point, miles: float) -> None:
    for point in ring(centre, miles):
        assert geodesic_miles(centre, point) == pytest.approx(miles, rel=1e-6)


@pytest.mark.parametrize("radius", [10, 50, 250])
@pytest.mark.parametrize("centre", EVERYWHERE)
def test_a_campus_inside_the_radius_is_drawn_inside_the_circle(centre: Point, radius: float) -> None:
    inside = [Pin(1, "in", point) for point in ring(centre, radius * 0.98)[::9]]
    outside = [Pin(2, "out", point) for point in ring(centre, radius * 1.02)[::9]]
    view = choose_view([centre], [(centre, radius)])
    circle = view.find_ring(centre, radius)
    for pin in inside:
        assert is_in_ring(view.find(pin.point) or pytest.fail("not on the map"), circle)
    assert not any(is_in_ring(spot, circle) for pin in outside if (spot := view.find(pin.point)))
    svg = draw(centre, radius, inside)
    assert all(is_in_ring(spot, read_reach(svg)) for spot in read_spots(svg))
    assert len(read_spots(svg)) == len(inside)


@pytest.mark.parametrize("radius", [10, 250])
@pytest.mark.parametrize("centre", EVERYWHERE)
def test_the_whole_circle_is_in_the_picture_and_unbroken(centre: Point, radius: float) -> None:
    circle = read_reach(draw(centre, radius, []))
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in circle)
    sides = [abs(x - a) + abs(y - b) for (a, b), (x, y) in pairwise([*circle, circle[0]])]
    assert max(sides) < 20, "no side jumps across the picture, as one over the antimeridian would"


@pytest.mark.parametrize("centre", EVERYWHERE)
def test_every_place_has_land_around_it(centre: Point) -> None:
    assert 'class="land"' in draw(centre, 100, [])


def test_land_is_drawn_under_the_places_that_are_on_it() -> None:
    svg = draw_land(choose_view([CHICAGO], [(CHICAGO, 50)])).svg
    rings = [_walk(path) for path in re.findall(r'd="([^"]+)"', svg)]
    view = choose_view([CHICAGO], [(CHICAGO, 50)])
    joliet, lake = view.find((41.53, -88.08)), view.find((41.9, -87.2))
    assert joliet
    assert lake
    assert any(is_in_ring(joliet, each) for each in rings)
    assert not any(is_in_ring(lake, each) for each in rings)


def _walk(path: str) -> list[tuple[float, float]]:
    """The points of a path that is one ring of relative steps."""
    start, steps = re.fullmatch(r"M([-\d.,]+)l([^MZ]+)Z", path.split("Z")[0] + "Z").groups()  # type: ignore[union-attr]
    numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", steps)]
    x, y = map(float, start.split(","))
    points = [(x, y)]
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        points.append((points[-1][0] + step_x, points[-1][1] + step_y))
    return points


def test_a_ring_is_cut_at_the_edges_of_a_box() -> None:
    cut = clip([(-5, 5), (5, -5), (15, 5), (5, 15)], (0, 0, 10, 10))
    assert len(cut) == 8
    assert all(0 <= x <= 10 and 0 <= y <= 10 for x, y in cut)


def test_the_picture_is_well_formed_escaped_and_small() -> None:
    svg = draw()
    ElementTree.fromstring(svg)
    assert "<Institute>" not in svg
    assert "style" not in svg


@pytest.mark.parametrize(
    ("centre", "radius", "degrees"), [(CHICAGO, None, 6), ((40.75, -74), 250, 1), (ANCHORAGE, 250, 1)]
)
def test_two_hundred_campuses_stay_under_forty_kilobytes(centre: Point, radius: float | None, degrees: float) -> None:
    svg = draw(centre, radius, scatter(centre, 200, degrees))
    assert len(gzip.compress(svg.encode())) < 40_000
    assert len(read_spots(svg)) + _count_off(svg) >= 200
    assert svg.count('class="pin"') <= 24


def _count_off(svg: str) -> int:
    return sum(len(re.findall(r"\d+", text)) + int((re.findall(r"\+(\d+)", text) or [0])[0]) for text in _read_off(svg))


def _read_off(svg: str) -> list[str]:
    return re.findall(r'class="elsewhere"[^>]*>([^<]+)<', svg)


def test_every_school_is_named_for_who_cannot_see_it() -> None:
    svg = draw(online=["4. Far and <Wide>"])
    assert 'role="img"' in svg
    for pin in PINS[1:]:
        assert svg.count(pin.label) == 2, "in the description and on the pin"
    assert "Online, not on the map: 4. Far and &lt;Wide&gt;" in svg


def test_the_numbers_on_the_map_are_those_of_the_list() -> None:
    svg = draw(pins=[*PINS, Pin(7, "Far", (41.5, -88.1), "Joliet", "IL")])
    assert sorted(re.findall(r'class="number"[^>]*>([^<]+)<', svg)) == ["1, 3", "2", "7"]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([5], "5"), ([7, 2, 5], "2, 5, 7"), ([1, 2, 3, 4, 9], "1–4, 9"), (range(1, 90, 2), "1, 3 +43"), ([2, 2], "2")],
)
def test_numbers_in_one_place_are_written_together(numbers: Sequence[int], words: str) -> None:
    assert write_numbers(numbers, 9) == words


def test_no_two_badges_cover_each_other_or_the_prospect() -> None:
    home = (194.0, 154.0, 206.0, 166.0)
    spots = [(200.0, 160.0), (212.0, 160.0), (201.0, 171.0), (390.0, 5.0), (399.0, 18.0)]
    badges = set_badges([(Pin(at, "x", CHICAGO), spot) for at, spot in enumerate(spots)], [home])
    for one, other in combinations([badge.box for badge in badges] + [home], 2):
        assert (
            one[2] <= other[0] + 0.1 or other[2] <= one[0] + 0.1 or one[3] <= other[1] + 0.1 or other[3] <= one[1] + 0.1
        )
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT for box in (b.box for b in badges))


def test_a_number_that_had_to_move_has_a_line_to_its_campus() -> None:
    svg = draw(pins=[Pin(1, "At her door", CHICAGO)])
    x, y = read_spots(svg)[0]
    assert f"L{x:.1f},{y:.1f}" in re.findall(r'class="leader" d="([^"]+)"', svg)[0]


def test_the_radius_is_drawn_only_where_there_is_one() -> None:
    assert "reach" in draw(radius=50)
    assert "reach" not in draw(radius=None)


def test_a_place_without_a_campus_is_still_drawn() -> None:
    svg = draw(pins=[])
    assert "No campus" in svg
    assert 'class="you"' in svg


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw_map(Scene("Nowhere")) is None


def test_only_the_states_in_view_are_sent() -> None:
    far = draw(radius=None, pins=[*PINS, Pin(4, "Far", HONOLULU, "Honolulu", "HI")])
    assert draw().count('class="land"') < 10
    assert far.count('class="land"') == 51


def test_territories_beside_the_states_are_named_with_their_numbers() -> None:
    svg = draw(radius=None, pins=[*PINS, Pin(8, "x", SAN_JUAN, "San Juan", "PR"), Pin(9, "y", GUAM, "Tamuning", "GU")])
    assert _read_off(svg) == ["Guam: 9", "Puerto Rico: 8"]


def test_a_campus_across_the_antimeridian_is_on_the_map_of_an_aleutian_island() -> None:
    svg = draw(ATTU, 500, [Pin(1, "Adak", ADAK, "Adak", "AK")])
    assert len(read_spots(svg)) == 1
    assert is_in_ring(read_spots(svg)[0], read_reach(svg))


def test_the_scale_bar_is_as_long_as_its_miles() -> None:
    svg = draw(radius=50)
    start, end = re.findall(r'class="bar" d="M([\d.]+),[\d.]+v4H([\d.]+)', svg)[0]
    miles = int(re.findall(r"(\d+) miles</text>", svg)[0])
    across = [x for x, _ in read_reach(svg)]
    assert (float(end) - float(start)) / miles == pytest.approx((max(across) - min(across)) / 100, rel=0.02)


def test_two_maps_on_one_page_share_no_id() -> None:
    ids = re.findall(r' id="([^"]+)"', draw(name="one") + draw(name="two"))
    assert len(ids) == len(set(ids)) == 4


def test_twenty_matches_are_drawn_in_a_moment() -> None:
    pins = scatter(CHICAGO, 20, 0.25)
    draw(pins=pins)
    times = []
    for _ in range(20):
        start = perf_counter()
        draw(pins=pins)
        times.append(perf_counter() - start)
    assert min(times) < 0.02


def test_a_file_stands_alone_with_every_school_in_words() -> None:
    svg = draw_file(Scene("Map", PINS, Home(CHICAGO, "Chicago"), [(CHICAGO, 50)], ["4. Far and <Wide>"]))
    root = ElementTree.fromstring(svg)
    lines = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text") if each.get("class") == "line"]
    assert lines == [*(f"{pin.number}. {pin.label}" for pin in PINS), "Online:", "4. Far and <Wide>"]
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", ""), "it loads nothing"
