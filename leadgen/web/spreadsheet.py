"""Tables as CSV files that people open in a spreadsheet: no cell of them is taken for a formula there."""

import csv
from collections.abc import Iterable
from io import StringIO

from flask import Response

FORMULA = ("=", "+", "-", "@")


def send_table(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """A file to download, in UTF-8 with the mark by which spreadsheets know it."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(guard_cell, head))
    writer.writerows(map(guard_cell, row) for row in rows)
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def guard_cell(value: object) -> object:
    """Text that a spreadsheet would reckon with gets an apostrophe before it, blanks and line ends before a sign or
    not; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip().startswith(FORMULA):
        return f"'{value}"
    return value
