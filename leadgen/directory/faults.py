"""What is wrong with a file: every fault with its line, its column, its value and what belongs there."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_CHARACTERS = 80


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend. ``line`` counts from 1, the header's line; 0 is the file as a whole. ``file`` is named where
    an import reads several."""

    line: int
    column: str
    value: str
    expected: str
    file: str = ""

    def __str__(self) -> str:
        parts = (self.file, f"line {self.line}" if self.line else "", self.column)
        where = ", ".join(part for part in parts if part)
        shown = self.value if len(self.value) <= SHOWN_CHARACTERS else self.value[: SHOWN_CHARACTERS - 1] + "…"
        return f"{where or 'file'}: {shown!r}: expected {self.expected}"


class DirectoryError(Exception):
    """The file cannot be used. ``faults`` holds everything that is wrong with it, in order of lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
