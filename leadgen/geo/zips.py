"""ZIP codes to places, offline: centroids from zip2info (corrected), city and state names from zipcodes."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import zip2info
import zipcodes
from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from leadgen.marks import Said, say

_ZIP = re.compile(r"(\d{5})(?:-\d{4})?", re.ASCII)

# 65 ZIPs that zip2info places over 25 miles off; the points are where two other sources agree
_CORRECTIONS_FILE = Path(__file__).with_name("zip_corrections.csv")


class ZipError(ValueError):
    """A ZIP code that cannot be placed. The message says what to enter instead."""


class MalformedZip(ZipError):  # noqa: N818
    """Not five digits, nor five, a hyphen and four."""


class UnknownZip(ZipError):  # noqa: N818
    """Well formed, but no place in the United States that we know."""


@dataclass(frozen=True)
class Place:
    """The centre of a ZIP code, in degrees, and the name of its town."""

    zip: str
    city: str
    state: str
    latitude: float
    longitude: float
    timezone: str

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


def find_place(text: str) -> Place:
    """The place of ``60601`` or ``60601-1234``. Raises MalformedZip or UnknownZip."""
    found = _ZIP.fullmatch(text.strip())
    if not found:
        raise MalformedZip(say("Enter a ZIP code of five digits, like 60601"))
    return _place(found[1])


def tell_military(typed: str) -> Said:
    """That mail for the forces goes to no place."""
    return say("%(zip)s is a military mail address, which has no place. Enter the ZIP code where you live", zip=typed)


@lru_cache(maxsize=8192)
def _place(zip_code: str) -> Place:
    names = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    if names and names[0]["zip_code_type"] == "MILITARY":
        raise UnknownZip(tell_military(zip_code))
    info = zip2info.info(zip_code)
    if not names or (info is None and not float(names[0]["lat"])):
        raise UnknownZip(say("We do not know the ZIP code %(zip)s. Check it, or enter one near by", zip=zip_code))
    name = names[0]
    latitude, longitude = _corrections().get(zip_code) or (
        (info.latitude, info.longitude) if info else (float(name["lat"]), float(name["long"]))
    )
    timezone = info.timezone if info else name["timezone"]
    return Place(zip_code, name["city"], name["state"], latitude, longitude, timezone)


def list_rows(first: str = "") -> Iterator[Mapping[str, Any]]:
    """What the post office says of each ZIP code that begins so, in their order; of all of them when nothing is given.

    Some hundreds at a time: all at once take 100 MB."""
    for begin in [first] if first else (f"{number:02}" for number in range(100)):
        yield from zipcodes.similar_to(begin)  # type: ignore[no-untyped-call]


def find_state_of_area(zip3: str) -> str | None:
    """The state in which most ZIP codes with these first three digits lie; None where there are none."""
    return _states_of_areas().get(zip3)


@lru_cache(maxsize=1)
def _states_of_areas() -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for each in list_rows():
        if each["zip_code_type"] != "MILITARY":
            counts.setdefault(each["zip_code"][:3], Counter())[each["state"]] += 1
    return {area: states.most_common(1)[0][0] for area, states in counts.items()}


@lru_cache(maxsize=1)
def _corrections() -> dict[str, tuple[float, float]]:
    with _CORRECTIONS_FILE.open(encoding="utf-8", newline="") as lines:
        return {row["zip"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(lines)}


class ZipGeocoder(Geocoder):  # type: ignore[misc]
    """The gazetteer as a geopy geocoder, so that it can stand wherever geopy's can."""

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Find a ZIP code. None when it is unknown; GeocoderQueryError when it is not one."""
        del timeout  # nothing is asked over a network
        try:
            place = find_place(query)
        except UnknownZip:
            return None
        except MalformedZip as error:
            raise GeocoderQueryError(str(error)) from error
        location = Location(f"{place.city}, {place.state} {place.zip}", place.point, {"zip": place.zip})
        return location if exactly_one else [location]
