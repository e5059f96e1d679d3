"""Distances: what decides, and what only narrows."""

import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from leadgen.geo.distance import (
    BAND,
    box_around,
    geodesic_miles,
    great_circle_miles,
    is_within,
    settle_miles,
)

CHICAGO, ROCKFORD = (41.8858, -87.6181), (42.2711, -89.0940)
GUAM, ADAK = (13.452, 144.7465), (51.874, -176.634)

points = st.tuples(st.floats(-75, 75), st.floats(-180, 180))
bearings = st.floats(0, 360)
radii = st.floats(0.5, 3000)


def test_miles_are_geopys_geodesic():
    assert geodesic_miles(CHICAGO, ROCKFORD) == geodesic(CHICAGO, ROCKFORD).miles == pytest.approx(80.4, abs=0.2)


def test_a_radius_exactly_met_is_within():
    miles = geodesic_miles(CHICAGO, ROCKFORD)
    assert is_within(CHICAGO, ROCKFORD, miles)
    assert not is_within(CHICAGO, ROCKFORD, miles - 1e-9)


@given(points, bearings, radii, st.floats(0.98, 1.02))
@example((0.0, 0.0), 0.0, 50.0, 1.0)
@example(GUAM, 180.0, 50.0, 1.0)
def test_great_circle_stays_inside_the_band(start, bearing, radius, factor):
    end = _travel(start, bearing, radius * factor)
    assert great_circle_miles(start, end) == pytest.approx(geodesic_miles(start, end), rel=BAND)


@given(points, bearings, radii, st.one_of(st.floats(0.99, 1.01), st.floats(1 - 1e-9, 1 + 1e-9)))
def test_a_settled_distance_is_on_the_geodesics_side_of_the_radius(start, bearing, radius, factor):
    end = _travel(start, bearing, radius * factor)
    inside = geodesic(start, end).miles <= radius
    assert is_within(start, end, radius) == inside
    assert (settle_miles(start, end, radius) <= radius) == inside


@given(points, bearings, radii, st.floats(0, 1))
@example(CHICAGO, 0.0, 50.0, 1.0)
@example(CHICAGO, 90.0, 50.0, 1.0)
@example((0.0, 0.0), 180.0, 50.0, 1.0)
@example(ADAK, 270.0, 500.0, 1.0)
@example(GUAM, 90.0, 3000.0, 1.0)
@example((70.0, 179.9), 0.0, 2500.0, 1.0)
def test_the_box_holds_the_whole_circle_even_across_the_antimeridian(start, bearing, radius, factor):
    end = _travel(start, bearing, radius * factor)
    south, north, ranges = box_around(start, radius)
    assert south <= end[0] <= north
    assert any(west <= end[1] <= east for west, east in ranges)


def test_the_box_is_cut_in_two_at_the_antimeridian():
    assert len(box_around(ADAK, 500)[2]) == 2
    assert len(box_around(CHICAGO, 500)[2]) == 1


def _travel(start: tuple[float, float], bearing: float, miles: float) -> tuple[float, float]:
    end = geodesic(miles=miles).destination(start, bearing)
    return end.latitude, end.longitude
