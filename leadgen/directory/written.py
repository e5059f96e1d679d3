"""Records as cells again: what a file would say of them, and what a form shows. Pure."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from leadgen.directory.columns import BY_NOUN
from leadgen.directory.places import place_campus
from leadgen.directory.records import CampusRecord, Noun, OfferingRecord, Record

# columns whose field of the record has another name
FIELDS = {"school_id": "id", "offering_id": "id", "school": "name", "campus": "name"}


def write_cells(noun: Noun, record: Record) -> dict[str, str]:
    """The cells of a record's own columns; an offering's also name its campus. A campus's point is left out where it
    is just the centre of its ZIP code."""
    there = {field.name for field in fields(record)}
    cells = {column.name: FIELDS.get(column.name, column.name) for column in BY_NOUN[noun]}
    written = {name: write_cell(getattr(record, field)) for name, field in cells.items() if field in there}
    if isinstance(record, OfferingRecord):
        written["campus"] = record.campus
    if isinstance(record, CampusRecord):
        written |= {"school_id": record.school_id}
        if place_campus(record.zip, record.state, None).point == (record.latitude, record.longitude):
            written |= {"latitude": "", "longitude": ""}
    return written


def write_cell(value: Any) -> str:
    """One value as a cell; empty where it is not known."""
    match value:
        case None:
            return ""
        case tuple():
            return ";".join(map(str, value))
        case Decimal():
            return f"{value:f}".removesuffix(".00")
        case date():
            return value.isoformat()
        case float():
            return repr(value)
    return str(value)
