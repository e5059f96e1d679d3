"""Points that a geocoder found. They belong to an address: a file that says the same address gets its point with it,
and one that says another has the middle of the ZIP code until somebody asks anew."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.directory.places import place_campus
from leadgen.directory.records import CampusRecord, Directory, Key, Noun, OfferingRecord, Record
from leadgen.geo.distance import Point
from leadgen.models import Campus, Geocoded, GeocodedAs

Records = dict[Key, Record]


def write_address(campus: Campus | CampusRecord) -> str:
    """The campus's address on one line."""
    return f"{campus.address}, {campus.city}, {campus.state} {campus.zip[:5]}"


def is_at_zip(campus: Campus | CampusRecord) -> bool:
    """Whether a campus lies at the middle of its ZIP code, for want of something better."""
    return place_campus(campus.zip, campus.state, None).point == (campus.latitude, campus.longitude)


def place_by_street(session: Session, wanted: Directory) -> Directory:
    """The same directory, with the campuses that have no point of their own where a geocoder found their address."""
    points = _read_points(session)
    campuses = {key: _move(record, points) for key, record in wanted.records[Noun.campus].items()} if points else {}
    moved = {key: each for key, each in campuses.items() if each is not wanted.records[Noun.campus][key]}
    return move_campuses(wanted, moved) if moved else wanted


def move_campuses(wanted: Directory, moved: Records) -> Directory:
    """The directory with these campuses in place of its own. Offerings lie where their campus lies."""
    offerings = {key: _follow(record, moved) for key, record in wanted.records[Noun.offering].items()}
    campuses = {**wanted.records[Noun.campus], **moved}
    return replace(wanted, records={**wanted.records, Noun.campus: campuses, Noun.offering: offerings})


def _read_points(session: Session) -> dict[str, Point]:
    """The point of each address; of several answers the newest."""
    query = select(Geocoded.asked, Geocoded.latitude, Geocoded.longitude).order_by(Geocoded.id)
    rows = session.execute(query.where(Geocoded.came_to == GeocodedAs.street))
    return {asked: (north, east) for asked, north, east in rows if north is not None and east is not None}


def _move(record: Record, points: dict[str, Point]) -> Record:
    assert isinstance(record, CampusRecord)
    point = points.get(write_address(record)) if record.address else None
    if point is None or not is_at_zip(record):
        return record
    return replace(record, latitude=point[0], longitude=point[1])


def _follow(record: Record, moved: Records) -> Record:
    assert isinstance(record, OfferingRecord)
    campus = moved.get((record.school_id, record.campus))
    if not isinstance(campus, CampusRecord):
        return record
    return replace(record, latitude=campus.latitude, longitude=campus.longitude)
