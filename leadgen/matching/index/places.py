"""Places on a grid: bands of latitude, sorted by longitude within each. Distances are first read off the straight line
through the earth, which is off by less than a hundredth of a mile at 500, and measured exactly where that leaves doubt.
"""

from collections.abc import Sequence
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from leadgen.geo.distance import EARTH_RADIUS_MILES, Point, box_around
from leadgen.matching.index.shelf import shelve

BAND_DEGREES = 0.25
BAND_WIDTH = 1_000.0  # more than 360, so that each band has a stretch of its own
METERS_PER_MILE = 1_609.344
EQUATOR_MILES = 6_378_137.0 / METERS_PER_MILE
FLATTENING = 1 / 298.257223563
ECCENTRICITY = FLATTENING * (2 - FLATTENING)
# by how much the estimate can miss: numbers of 32 bits, and the earth's curvature, which is 1.1 % different here and
# there and of which an arc of s miles feels s³/24; far away it is hardly an estimate, and nothing asks for more
GRAIN_MILES = 0.002
CURVATURE = 4e-11
FAR_MILES, FAR_SHARE = 3_000.0, 0.1

_ELLIPSOID = Geod(ellps="WGS84")

Floats = NDArray[np.float64]


class Estimated(NamedTuple):
    """Miles, and by how much each may be off."""

    miles: Floats
    slack: Floats


class Places:
    """Takes places in the order of `sort_places`."""

    def __init__(self, latitudes: Floats, longitudes: Floats) -> None:
        self._keys = shelve(_make_keys(latitudes, longitudes))
        self._latitudes, self._longitudes = shelve(latitudes), shelve(longitudes)
        self._points = shelve(_to_space(latitudes, longitudes).astype(np.float32))

    def __len__(self) -> int:
        return len(self._keys)

    def point(self, place: int) -> Point:
        """Latitude and longitude of a place."""
        return float(self._latitudes[place]), float(self._longitudes[place])

    def list_stretches(self, point: Point, radius_miles: float) -> NDArray[np.intp]:
        """Ranges of places, as rows of first and end, that hold all places within the radius."""
        south, north, longitudes = box_around(point, radius_miles)
        bands = np.arange(floor(south / BAND_DEGREES), floor(north / BAND_DEGREES) + 1) * BAND_WIDTH
        firsts = [np.searchsorted(self._keys, bands + west + 180.0, "left") for west, _ in longitudes]
        ends = [np.searchsorted(self._keys, bands + east + 180.0, "right") for _, east in longitudes]
        return np.column_stack([np.concatenate(firsts), np.concatenate(ends)])

    def are_inside(
        self, places: NDArray[np.uint32], south: float, north: float, ranges: Sequence[tuple[float, float]]
    ) -> NDArray[np.bool_]:
        """Whether each place is in a box, as `leadgen.geo.distance.box_around` gives it."""
        latitudes, longitudes = self._latitudes[places], self._longitudes[places]
        inside = np.zeros(len(places), np.bool_)
        for west, east in ranges:
            inside |= (longitudes >= west) & (longitudes <= east)
        return inside & (latitudes >= south) & (latitudes <= north)

    def estimate(self, point: Point, places: NDArray[np.uint32]) -> Estimated:
        """How far each place is from a point, nearly."""
        here = _to_space(np.array([point[0]]), np.array([point[1]]))[0].astype(np.float32)
        away = self._points[places] - here
        chords = np.sqrt(np.einsum("ij,ij->i", away, away)).astype(np.float64)
        miles = 2 * EARTH_RADIUS_MILES * np.arcsin(np.minimum(chords / (2 * EARTH_RADIUS_MILES), 1.0))
        slack = np.where(miles < FAR_MILES, GRAIN_MILES + CURVATURE * miles**3, FAR_SHARE * miles)
        return Estimated(miles, slack)

    def measure(self, point: Point, places: NDArray[np.uint32]) -> Floats:
        """The geodesic from a point to each place, in miles (Karney 2013, by PROJ; as geopy's to some nanometers)."""
        latitudes, longitudes = self._latitudes[places], self._longitudes[places]
        here = np.full(len(places), point[0]), np.full(len(places), point[1])
        meters = _ELLIPSOID.inv(here[1], here[0], longitudes, latitudes)[2]
        return np.asarray(meters, np.float64) / METERS_PER_MILE


def sort_places(latitudes: Floats, longitudes: Floats) -> NDArray[np.intp]:
    """The order of the grid."""
    return np.argsort(_make_keys(latitudes, longitudes), kind="stable")


def _make_keys(latitudes: Floats, longitudes: Floats) -> Floats:
    return np.floor(latitudes / BAND_DEGREES) * BAND_WIDTH + longitudes + 180.0


def _to_space(latitudes: Floats, longitudes: Floats) -> Floats:
    """Points on the ellipsoid as x, y and z in miles from the middle of the earth."""
    north, east = np.radians(latitudes), np.radians(longitudes)
    out = EQUATOR_MILES / np.sqrt(1 - ECCENTRICITY * np.sin(north) ** 2)
    flat = out * np.cos(north)
    return np.column_stack([flat * np.cos(east), flat * np.sin(east), out * (1 - ECCENTRICITY) * np.sin(north)])
