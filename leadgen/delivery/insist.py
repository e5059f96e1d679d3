"""Write down what is known and must not be lost, also while the database is away for a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

TRIES = 5
FIRST_WAIT_SECONDS = 0.5

Kept = TypeVar("Kept")


def insist(keep: Callable[[], Kept]) -> Kept:
    """What ``keep`` gives, which begins a transaction of its own each time. Raises the database's error after so many
    tries: then the lease lapses, and nobody knows."""
    for number in range(TRIES - 1):
        try:
            return keep()
        except (OperationalError, InterfaceError, TimeoutError):
            time.sleep(FIRST_WAIT_SECONDS * 2**number)
    return keep()
