"""Small directories to import: rows as dictionaries, with what a test does not care about filled in."""

import csv
from io import StringIO

from leadgen.directory.columns import COLUMN_NAMES

SAMPLE_ROW = {
    "school_id": "larkspur",
    "offering_id": "larkspur-mbc",
    "school": "Larkspur Career Institute",
    "campus": "Main",
    "address": "214 Lantern Court",
    "city": "Chicago",
    "state": "IL",
    "zip": "60601",
    "program": "medical-billing-and-coding",
    "credential": "certificate",
    "format": "campus",
    "contact_email": "admissions@larkspur.example",
    "delivery": "email",
    "deliver_to": "leads@larkspur.example",
    "status": "taking",
}


def make_row(**changed: str) -> dict[str, str]:
    """A good row; name the columns that differ. A new ``school_id`` brings an offering of its own."""
    row = SAMPLE_ROW | changed
    if "school_id" in changed and "offering_id" not in changed:
        row["offering_id"] = f"{changed['school_id']}-mbc"
    return row


def make_csv(*rows: dict[str, str], columns: tuple[str, ...] = COLUMN_NAMES) -> bytes:
    """The rows as the bytes of a file; columns that a row does not name are empty."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
