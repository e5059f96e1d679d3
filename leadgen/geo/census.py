"""The geocoding service of the US Census Bureau as a geopy geocoder: free, without a key.

See https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html
"""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from geopy.exc import GeocoderServiceError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

PATH = "/geocoder/locations/onelineaddress"
# the newest of the Bureau's address ranges
BENCHMARK = "Public_AR_Current"


class Census(Geocoder):  # type: ignore[misc]
    """``domain`` and ``scheme`` as geopy's own geocoders take them."""

    def __init__(self, *, domain: str = "geocoding.geo.census.gov", **options: Any) -> None:
        super().__init__(**options)
        self.api = f"{self.scheme}://{domain.strip('/')}{PATH}"

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Find one address on one line. None where the Bureau knows none; geopy's errors where it does not answer."""
        url = f"{self.api}?{urlencode({'address': query, 'benchmark': BENCHMARK, 'format': 'json'})}"
        read = partial(self._read, exactly_one=exactly_one)
        return self._call_geocoder(url, read, timeout=timeout)

    def _read(self, answer: Any, exactly_one: bool) -> Location | list[Location] | None:
        try:
            found = [_locate(each) for each in answer["result"]["addressMatches"]]
        except (KeyError, TypeError, ValueError):
            raise GeocoderServiceError("The answer is not that of the Census geocoder") from None
        if not found:
            return None
        return found[0] if exactly_one else found


def _locate(match: dict[str, Any]) -> Location:
    point = float(match["coordinates"]["y"]), float(match["coordinates"]["x"])
    return Location(match["matchedAddress"], point, match)
