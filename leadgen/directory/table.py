"""Bytes to lines of cells: size, encoding, header and the number of cells in each line."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from leadgen.directory.columns import COLUMN_NAMES, OPTIONAL_NAMES
from leadgen.directory.faults import DirectoryError, Fault

MAX_BYTES = 50_000_000

Line = tuple[int, dict[str, str]]


def check_size(size: int) -> None:
    """Raise DirectoryError for a file that is empty or over 50 MB. Ask before reading it."""
    if size == 0:
        raise DirectoryError([Fault(0, "", "", "a header row and one row per offering; the file is empty")])
    if size > MAX_BYTES:
        shown = f"{size / 1_000_000:.1f} MB"
        raise DirectoryError([Fault(0, "", shown, f"a file of at most {MAX_BYTES // 1_000_000} MB")])


def read_table(data: bytes) -> tuple[list[Line], list[Fault]]:
    """The lines under the header with their numbers, blanks around cells removed, and the lines that do not fit.

    Raises DirectoryError where nothing can be read at all.
    """
    check_size(len(data))
    rows = _read_rows(_decode(data))
    number, header = next(rows, (1, []))
    _check_header(number, header)
    left_out = dict.fromkeys((name for name in OPTIONAL_NAMES if name not in header), "")
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, row in rows:
        if len(row) == len(header):
            lines.append((number, dict(zip(header, row, strict=True)) | left_out))
        elif any(row):
            faults.append(Fault(number, "", f"{len(row)} cells", f"{len(header)} cells, as in the header"))
    if not lines and not faults:
        faults.append(Fault(0, "", "only a header", "one row per offering"))
    return lines, faults


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        value = f"byte 0x{data[error.start]:02x}"
        raise DirectoryError([Fault(line, "", value, "text in UTF-8; save the file as CSV UTF-8")]) from None


def _read_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of the line on which it starts."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for row in reader:
            if row:
                yield start, [cell.strip() for cell in row]
            start = reader.line_num + 1
    except csv.Error as error:
        raise DirectoryError([Fault(start, "", str(error), "cells separated by commas, quotes closed")]) from None


def _check_header(number: int, header: list[str]) -> None:
    faults = [
        Fault(number, name, "", "this column in the header; it is missing")
        for name in COLUMN_NAMES
        if name not in header and name not in OPTIONAL_NAMES
    ]
    for name, times in Counter(header).items():
        if times > 1:
            faults.append(Fault(number, name, f"{times} times", "each column once"))
        elif name not in COLUMN_NAMES:
            faults.append(Fault(number, name, name, "only the columns of the directory"))
    if faults:
        raise DirectoryError(faults)
