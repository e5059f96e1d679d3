"""Rows of a map as a CSV or an XLSX file. Pure.

A cell that a spreadsheet could take for a formula gets an apostrophe before it, whatever spaces or line breaks stand
before its sign; an XLSX file holds texts alone."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from leadgen.delivery.posting.model import SheetKind

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES: Mapping[SheetKind, str] = {SheetKind.csv: CSV_TYPE, SheetKind.xlsx: XLSX_TYPE}
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
MOST_CELL = 32_000

# signs that begin a formula, also full-width, after anything that is not seen
_FORMULA = re.compile(r"[\s\x00-\x20\u00a0\u200b-\u200f\u2028\u2029\ufeff\"']*[=+\-@＝＋－＠|%]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Row = Sequence[str]


def neutralise(text: str) -> str:
    """The text, so that no program computes it. A phone number like +13125550100 is such a text too."""
    plain = _UNSEEN.sub("", text)[:MOST_CELL]
    return f"'{plain}" if _FORMULA.match(plain) else plain


def write_sheet(kind: SheetKind, names: Row, rows: Sequence[Row]) -> bytes:
    """The file: a line of names, then the rows, every cell neutralised."""
    lines = [[neutralise(cell) for cell in row] for row in (names, *rows)]
    return _write_csv(lines) if kind is SheetKind.csv else _write_xlsx(lines)


def _write_csv(lines: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")  # by the mark spreadsheets know the encoding


def _write_xlsx(lines: Sequence[Row]) -> bytes:
    file = io.BytesIO()
    never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    from xlsxwriter import Workbook  # noqa: PLC0415 - 2 MB, and few schools ask for such files

    with Workbook(file, {"in_memory": True, **never}) as book:
        book.set_properties({"created": _ANY_DAY})  # the same rows are the same bytes
        sheet = book.add_worksheet("Leads")
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
