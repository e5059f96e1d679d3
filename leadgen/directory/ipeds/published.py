"""A file as NCES publishes it: zipped or not, in one of two encodings, its columns known by name."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from leadgen.directory.faults import DirectoryError, Fault

FIRST_YEAR = 2020
MAX_BYTES = 500_000_000
CHUNK = 1_000_000
REVISED = "_rv.csv"
_YEAR = re.compile(r"20\d\d")

Watch = Callable[[IO[bytes], int, str], IO[bytes]]
Row = tuple[int, list[str]]


def unwatched(stream: IO[bytes], _size: int, _name: str) -> IO[bytes]:
    """The stream itself, where nobody wants to see how far its reading is."""
    return stream


@dataclass(frozen=True)
class Published:
    """The bytes of one file, under its name without folders."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def is_zip(self) -> bool:
        return self.data.startswith(b"PK")

    @property
    def year(self) -> int | None:
        """The year in its name, or in the name of the file inside; None where neither tells."""
        names = [self.name, self._find_member().filename] if self.is_zip else [self.name]
        found = next((match for name in names if (match := _YEAR.search(name))), None)
        return int(found[0]) if found else None

    def check(self) -> None:
        """Raise DirectoryError for a file that is no such file, is too large, or is older than these codes."""
        if not self.data:
            raise self.refuse(0, "", "", "a file of NCES; it is empty")
        if self._measure() > MAX_BYTES:
            raise self.refuse(0, "", f"{self._measure():,} bytes", f"at most {MAX_BYTES:,} bytes")
        if (year := self.year) is not None and year < FIRST_YEAR:
            raise self.refuse(0, "", str(year), f"a file of {FIRST_YEAR} or later: before, the codes were others")

    def open(self, watch: Watch = unwatched) -> TextIOWrapper:
        """The text: UTF-8 where all of it is that, else cp1252."""
        encoding = "utf-8-sig" if self._is_utf8() else "cp1252"
        return TextIOWrapper(watch(self._open_bytes(), self._measure(), self.name), encoding, newline="")

    def refuse(self, line: int, column: str, value: str, expected: str) -> DirectoryError:
        """An error with one fault of this file."""
        return DirectoryError([Fault(line, column, value, expected, self.name)])

    def _is_utf8(self) -> bool:
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self._open_bytes() as stream:
            try:
                while chunk := stream.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return True

    def _measure(self) -> int:
        return self._find_member().file_size if self.is_zip else len(self.data)

    def _open_bytes(self) -> IO[bytes]:
        if not self.is_zip:
            return BytesIO(self.data)
        return ZipFile(BytesIO(self.data)).open(self._find_member())

    def _find_member(self) -> ZipInfo:
        """The table inside: the revised one where NCES has put it beside the first."""
        try:
            with ZipFile(BytesIO(self.data)) as archive:
                tables = [each for each in archive.infolist() if each.filename.lower().endswith(".csv")]
        except BadZipFile:
            raise self.refuse(0, "", "a broken zip", "a zip as NCES publishes it") from None
        revised = [each for each in tables if each.filename.lower().endswith(REVISED)]
        if len(revised or tables) != 1:
            names = ", ".join(each.filename for each in tables) or "no .csv"
            raise self.refuse(0, "", names, "a zip with one .csv")
        return (revised or tables)[0]


def read_rows(
    file: Published, required: tuple[str, ...], optional: tuple[str, ...] = (), watch: Watch = unwatched
) -> Iterator[Row]:
    """Each row's line number and its cells of the columns named, in that order; "" for an optional column that the
    file has not. Other columns, flags (``X…``) among them, are passed over. Raises DirectoryError."""
    file.check()
    with file.open(watch) as text:
        reader = csv.reader(text, strict=True)
        try:
            header = [name.strip().upper() for name in next(reader, [])]
            places = [_find(file, header, name) for name in required]
            places += [header.index(name) if name in header else -1 for name in optional]
            yield from _pick(file, reader, len(header), places)
        except csv.Error as error:
            raise file.refuse(reader.line_num, "", str(error), "cells separated by commas, quotes closed") from None
        except UnicodeDecodeError as error:
            value = f"byte 0x{error.object[error.start]:02x}"
            raise file.refuse(reader.line_num + 1, "", value, "text in UTF-8 or cp1252") from None
        except (BadZipFile, EOFError, OSError):
            raise file.refuse(reader.line_num, "", "a broken zip", "a zip as NCES publishes it") from None


def _pick(file: Published, reader: Iterator[list[str]], width: int, places: list[int]) -> Iterator[Row]:
    lines: int = 1
    for row in reader:
        number, lines = lines + 1, reader.line_num  # type: ignore[attr-defined]
        if len(row) != width:
            if not any(row):
                continue
            # a comma at the end of each row, where the header has none
            if len(row) < width or any(cell.strip() for cell in row[width:]):
                raise file.refuse(number, "", f"{len(row)} cells", f"{width} cells, as in the header")
        yield number, [row[place].strip() if place >= 0 else "" for place in places]


def _find(file: Published, header: list[str], name: str) -> int:
    if header.count(name) != 1:
        value = "twice" if name in header else "missing"
        raise file.refuse(1, name, value, "this column once in the header, as NCES publishes it")
    return header.index(name)
