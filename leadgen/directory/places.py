"""Where a campus is: its own point where given, else the centre of its ZIP code."""

from dataclasses import dataclass

from leadgen.geo.distance import Point, geodesic_miles, is_within
from leadgen.geo.zips import Place, ZipError, find_place

MAX_MILES_FROM_ZIP = 25

# zones where the gazetteer knows no ZIP: the freely associated states and the Pacific territories
ISLAND_ZONES = {
    "AS": "Pacific/Pago_Pago",
    "FM": "Pacific/Pohnpei",
    "GU": "Pacific/Guam",
    "MH": "Pacific/Majuro",
    "MP": "Pacific/Saipan",
    "PW": "Pacific/Palau",
}


@dataclass(frozen=True)
class Site:
    """A campus on the map. ``point`` and ``timezone`` are None where nothing tells them."""

    point: Point | None
    timezone: str | None
    miles_from_zip: float | None = None


def place_campus(zip_code: str, state: str, given: Point | None) -> Site:
    """The point and the time zone of a campus; ``miles_from_zip`` only where it lies over 25 miles off."""
    place = _find(zip_code)
    if place is None:
        return Site(given, ISLAND_ZONES.get(state))
    far = given is not None and not is_within(given, place.point, MAX_MILES_FROM_ZIP)
    miles = geodesic_miles(given, place.point) if given and far else None
    return Site(given or place.point, place.timezone, miles)


def _find(zip_code: str) -> Place | None:
    try:
        return find_place(zip_code)
    except ZipError:
        return None
