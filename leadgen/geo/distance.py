"""Distances in miles. Geodesic decides and is shown; great circle only narrows, being 14 times faster.

The two differ by at most 0.56 % anywhere (north to south at the equator; 0.37 % in the fifty states), so
a great-circle distance outside a band of 0.6 % around the radius settles the question, and the geodesic
is asked inside that band.
"""

from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin

from geopy.distance import EARTH_RADIUS, geodesic
from geopy.units import miles as to_miles

BAND = 0.006
EARTH_RADIUS_MILES: float = to_miles(kilometers=EARTH_RADIUS)

KEPT_DISTANCES = 20_000

Point = tuple[float, float]


@lru_cache(maxsize=KEPT_DISTANCES)
def geodesic_miles(a: Point, b: Point) -> float:
    """Miles between two (latitude, longitude) points on the WGS-84 ellipsoid (Karney 2013, by geopy).

    Kept, since many ask from the same ZIP code, and a campus has several offerings."""
    return float(geodesic(a, b).miles)


def great_circle_miles(a: Point, b: Point) -> float:
    """Miles on a sphere of the mean Earth radius: geopy's great circle, without the objects that it makes of points."""
    north_a, north_b, east = radians(a[0]), radians(b[0]), radians(b[1] - a[1])
    sin_a, cos_a, sin_b, cos_b = sin(north_a), cos(north_a), sin(north_b), cos(north_b)
    across, along = cos_b * sin(east), cos_a * sin_b - sin_a * cos_b * cos(east)
    return EARTH_RADIUS_MILES * atan2(hypot(across, along), sin_a * sin_b + cos_a * cos_b * cos(east))


def settle_miles(a: Point, b: Point, radius_miles: float) -> float:
    """A distance on the same side of the radius as the geodesic: the geodesic itself inside the band,
    the great circle outside it, where that settles the question."""
    rough = great_circle_miles(a, b)
    if abs(rough - radius_miles) <= radius_miles * BAND:
        return geodesic_miles(a, b)
    return rough


def is_within(a: Point, b: Point, radius_miles: float) -> bool:
    """Whether the geodesic from ``a`` to ``b`` is at most ``radius_miles``."""
    return settle_miles(a, b, radius_miles) <= radius_miles


def box_around(point: Point, radius_miles: float) -> tuple[float, float, list[tuple[float, float]]]:
    """South, north, and the ranges of longitude (two across the antimeridian) that hold the whole circle."""
    latitude, longitude = point
    angle = radius_miles * (1 + BAND) / EARTH_RADIUS_MILES
    south, north = latitude - degrees(angle), latitude + degrees(angle)
    if south <= -90 or north >= 90:
        return max(south, -90.0), min(north, 90.0), [(-180.0, 180.0)]
    # widest at the edge nearest the pole; slightly generous, which costs a few rows and no answer
    spread = degrees(angle / max(cos(radians(max(abs(south), abs(north)))), 1e-9))
    if spread >= 180:
        return south, north, [(-180.0, 180.0)]
    west, east = longitude - spread, longitude + spread
    if west < -180:
        return south, north, [(west + 360, 180.0), (-180.0, east)]
    if east > 180:
        return south, north, [(west, 180.0), (-180.0, east - 360)]
    return south, north, [(west, east)]
