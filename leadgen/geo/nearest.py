"""The ZIP code nearest to a point: it gives a place that a device told us its state, time zone and name."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from math import cos, radians
from typing import Any, NamedTuple

import zip2info

from leadgen.geo.distance import Point, geodesic_miles
from leadgen.geo.zips import Place, ZipError, find_place, list_rows
from leadgen.marks import say

# a kilometer or so: enough for distances that are shown in miles, and no address
DECIMALS = 2
FARTHEST_MILES = 75.0
BAND_DEGREES = 2.0
CONTENDERS = 12
BOXES = "PO BOX"
TOWNS = frozenset({"STANDARD", BOXES})
# a ZIP code of post-office boxes alone names a town only where no other is about as near
BOXES_BEHIND_MILES = 5.0


class NowhereNear(ZipError):  # noqa: N818
    """A point that is on no map of ours."""


class _Rough(NamedTuple):
    latitude: float
    longitude: float
    zip: str
    is_boxes: bool


class _Measured(NamedTuple):
    miles: float
    zip: str
    place: Place


def find_nearest(latitude: float, longitude: float) -> Place:
    """The place at this point, rounded to two decimals, with the name, state and time zone of the nearest ZIP code.

    Raises NowhereNear where none is within 75 miles."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise NowhereNear(say("Latitudes go from -90 to 90, longitudes from -180 to 180"))
    point = round(latitude, DECIMALS), round(longitude, DECIMALS)
    first = min((_measure(point, each) for each in _list_contenders(point)), default=None)
    if first is None or geodesic_miles(point, first.place.point) > FARTHEST_MILES:
        raise NowhereNear(say("That place is not in the United States or its territories. Enter a ZIP code"))
    return replace(first.place, latitude=point[0], longitude=point[1])


def _measure(point: Point, rough: _Rough) -> _Measured:
    place = find_place(rough.zip)
    behind = BOXES_BEHIND_MILES if rough.is_boxes else 0.0
    return _Measured(geodesic_miles(point, place.point) + behind, rough.zip, place)


def _list_contenders(point: Point) -> list[_Rough]:
    listed = _list_zips()
    first = bisect_left(listed, (point[0] - BAND_DEGREES,))
    last = bisect_left(listed, (point[0] + BAND_DEGREES,))
    narrow = cos(radians(point[0]))

    def roughly(each: _Rough) -> float:
        east = ((each.longitude - point[1] + 180) % 360 - 180) * narrow
        return (each.latitude - point[0]) ** 2 + east**2

    return sorted(listed[first:last], key=roughly)[:CONTENDERS]


@lru_cache(maxsize=1)
def _list_zips() -> list[_Rough]:
    """The ZIP codes of places, not of single firms, from south to north."""
    towns = (row for row in list_rows() if row["zip_code_type"] in TOWNS and row["active"] and float(row["lat"]))
    return sorted(_read(row) for row in towns)


def _read(row: Mapping[str, Any]) -> _Rough:
    info, is_boxes = zip2info.info(row["zip_code"]), row["zip_code_type"] == BOXES
    point = (info.latitude, info.longitude) if info else (float(row["lat"]), float(row["long"]))
    return _Rough(*point, row["zip_code"], is_boxes)
