"""Where she is, as `leadgen match` is told: a ZIP code, a town, or a point."""

from typing import NamedTuple

import click

from leadgen.geo.nearest import find_nearest
from leadgen.geo.towns import find_typed, say_town
from leadgen.geo.zips import ZipError

WAYS = "Say where with one of --zip, --place, or --latitude and --longitude"


class Where(NamedTuple):
    """A ZIP code, and the point in or near it where one was told."""

    zip: str
    latitude: float | None = None
    longitude: float | None = None


def read_where(zip_code: str | None, town: str | None, latitude: float | None, longitude: float | None) -> Where:
    """One of the three. Raises UsageError for none or two of them, ClickException for a place that is not found."""
    is_point = latitude is not None and longitude is not None
    if (latitude is None) is not (longitude is None) or sum((zip_code is not None, town is not None, is_point)) != 1:
        raise click.UsageError(WAYS)
    if zip_code is not None:
        return Where(zip_code.strip())
    try:
        if latitude is None or longitude is None:
            return Where(find_typed(town or "").zip)
        place = find_nearest(latitude, longitude)
    except ZipError as error:
        raise click.ClickException(_tell(error)) from None
    return Where(place.zip, place.latitude, place.longitude)


def _tell(error: ZipError) -> str:
    places = getattr(error, "choices", ())
    return f"{error}: " + "; ".join(f"{say_town(place)} ({place.zip})" for place in places) if places else str(error)
