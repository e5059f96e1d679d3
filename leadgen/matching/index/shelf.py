"""Arrays in files without a name: only the pages of them that are looked at take memory, and the system may take that
back. They are gone with the process."""

import os
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


def shelve(values: NDArray[Kind]) -> NDArray[Kind]:
    """The same values, to be read only."""
    if not values.size:
        return values
    with _write(values) as file:
        # a plain view of it: a memmap is slower to take from
        return np.memmap(file, values.dtype, "r", shape=values.shape).view(np.ndarray)


class Names:
    """Short texts by number, read from the file one by one: they are asked for here and there, and each look into
    memory would bring sixteen pages along."""

    def __init__(self, file: IO[bytes], width: int, start: int = 0) -> None:
        """They lie one after the other from ``start`` on, each ``width`` bytes."""
        self._file, self.width, self._start = file, width, start

    @classmethod
    def shelve(cls, values: NDArray[np.bytes_]) -> "Names":
        """The same names, in a file of their own."""
        return cls(_write(values), values.dtype.itemsize)

    def __getitem__(self, number: int) -> bytes:
        return os.pread(self._file.fileno(), self.width, self._start + number * self.width).rstrip(b"\0")

    def read_all(self) -> bytes:
        """All of them, where they have the file for themselves."""
        self._file.seek(self._start)
        return self._file.read()

    def take(self, numbers: NDArray[np.intp]) -> NDArray[np.bytes_]:
        """Some of them."""
        return np.array([self[number] for number in numbers.tolist()], np.bytes_)


def _write(values: NDArray[Any]) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115 - closed by whoever asked for it, or with the last reference to it
    np.ascontiguousarray(values).tofile(file)
    file.flush()
    return file
