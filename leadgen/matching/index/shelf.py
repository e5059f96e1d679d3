"""Arrays in files without a name: only the pages of them that are looked at take memory, and the system may take that
back. They are gone with the process."""

from tempfile import TemporaryFile
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


def shelve(values: NDArray[Kind]) -> NDArray[Kind]:
    """The same values, to be read only."""
    if not values.size:
        return values
    with TemporaryFile() as file:
        np.ascontiguousarray(values).tofile(file)
        file.flush()
        # a plain view of it: a memmap is slower to take from
        return np.memmap(file, values.dtype, "r", shape=values.shape).view(np.ndarray)
