"""What reading the federal files brings up besides schools: what is passed over and why, what is odd or wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from leadgen.directory.cells import CellError
from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.ipeds.published import Published

MOST_FAULTS = 100

Value = TypeVar("Value")


class Skip(StrEnum):
    """Why a row brings nothing to the directory. The value is what the report says."""

    inactive = "institution not active this year"
    administrative = "administrative unit, teaches nobody"
    no_program = "teaches none of our programs"
    no_place = "neither its ZIP code nor coordinates place it"
    other_program = "program that we do not list"
    second_major = "second major, counted with the first"
    above = "award above an associate degree"
    no_institution = "its institution is not in the directory file"
    left_out = "its institution is left out"


@dataclass(frozen=True)
class Skipped:
    """One row that was passed over."""

    file: str
    line: int
    unitid: str
    name: str
    reason: Skip


@dataclass(frozen=True)
class Oddity:
    """Something odd that does not stop an import."""

    file: str
    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: {self.value!r} {self.message}"


@dataclass
class Findings:
    """``counts`` counts every row passed over; ``skipped`` names those of institutions and of our own programs."""

    counts: Counter[Skip] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    odd: list[Oddity] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def skip(self, file: Published, line: int, unitid: str, name: str, reason: Skip) -> None:
        """Pass over a row, and name it."""
        self.counts[reason] += 1
        self.skipped.append(Skipped(file.name, line, unitid, name, reason))

    def read(self, file: Published, line: int, column: str, cell: str, reader: Callable[[str], Value]) -> Value | None:
        """The cell's value, or None with its fault taken down. Gives up on a file that is wrong all over."""
        try:
            return reader(cell)
        except CellError as error:
            self.faults.append(Fault(line, column, cell, str(error), file.name))
            if len(self.faults) >= MOST_FAULTS:
                self.refuse()
            return None

    def refuse(self) -> None:
        """Raise DirectoryError where anything was wrong."""
        if self.faults:
            raise DirectoryError(self.faults)
