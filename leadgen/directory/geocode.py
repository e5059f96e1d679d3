"""Street-level points for campuses that lie at the middle of their ZIP code, by a geocoder that is asked one by one."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import insert_unless_there, table_of
from leadgen.directory.by_hand import list_current, lock_school, write_wanted
from leadgen.directory.places import MAX_MILES_FROM_ZIP, place_campus
from leadgen.directory.records import Directory, Noun
from leadgen.directory.street import is_at_zip, place_by_street, write_address
from leadgen.geo.distance import Point, geodesic_miles
from leadgen.models import Campus, Geocoded, GeocodedAs, GeocoderName, School

# a geocoder's own precision is no better
DECIMALS = 6

Ask = Callable[[str], Point | None]


class Answered(NamedTuple):
    """One campus and what came of asking about it. ``miles_from_zip`` where a point was told."""

    campus: Campus
    came_to: GeocodedAs
    miles_from_zip: float | None


def list_unasked(session: Session, source: GeocoderName) -> Iterator[Campus]:
    """Campuses in use with a street address and no point of their own, of which this geocoder was not asked yet."""
    rows = session.execute(select(Geocoded.campus_id, Geocoded.asked).where(Geocoded.source == source))
    asked = {(row.campus_id, row.asked) for row in rows}
    query = select(Campus).join(School, School.id == Campus.school_id).order_by(Campus.id)
    usable = query.where(Campus.retired_at.is_(None), School.retired_at.is_(None), Campus.address.is_not(None))
    for campus in session.scalars(usable).all():
        # read anew after each commit: whoever retired it meanwhile need not be asked about
        if campus.retired_at is None and (campus.id, write_address(campus)) not in asked and is_at_zip(campus):
            yield campus


def geocode_campus(session: Session, campus: Campus, source: GeocoderName, ask: Ask, actor: str) -> Answered:
    """Ask about one campus, remember the answer, and move the campus and its offerings there where it is believable.

    What ``ask`` raises goes through, and nothing is remembered."""
    address = write_address(campus)
    point = ask(address)
    answered = _weigh(campus, point)
    latitude, longitude = _round(point) if point else (None, None)
    row = {
        "campus_id": campus.id,
        "source": source,
        "asked": address,
        "came_to": answered.came_to,
        "latitude": latitude,
        "longitude": longitude,
        "miles_from_zip": answered.miles_from_zip,
        "asked_at": now(session),
    }
    insert_unless_there(session, table_of(Geocoded), row)
    _place(session, campus, actor)
    return answered


def tell_precision(session: Session, campus: Campus) -> str:
    """How exactly we know where a campus is: ``ZIP``, ``street`` by a geocoder, or ``given`` by its school."""
    if is_at_zip(campus):
        return "ZIP"
    query = select(Geocoded.latitude, Geocoded.longitude).where(
        Geocoded.campus_id == campus.id, Geocoded.came_to == GeocodedAs.street
    )
    here = round(campus.latitude, DECIMALS), round(campus.longitude, DECIMALS)
    points = {(round(row.latitude, DECIMALS), round(row.longitude, DECIMALS)) for row in session.execute(query)}
    return "street" if here in points else "given"


def _place(session: Session, campus: Campus, actor: str) -> None:
    """Write the campus as an import would that reads of it what it read before."""
    stored = lock_school(session, campus.school_id)
    placed = place_by_street(session, Directory(list_current(stored)))
    write_wanted(session, stored, {noun: dict(placed.records[noun]) for noun in Noun}, actor, "", {})


def _round(point: Point) -> Point:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def _weigh(campus: Campus, point: Point | None) -> Answered:
    if point is None:
        return Answered(campus, GeocodedAs.unknown, None)
    middle = place_campus(campus.zip, campus.state, None).point
    miles = geodesic_miles(point, middle) if middle else None
    is_far = miles is None or miles > MAX_MILES_FROM_ZIP
    return Answered(campus, GeocodedAs.far if is_far else GeocodedAs.street, miles)
