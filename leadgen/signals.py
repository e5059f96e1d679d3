"""Being asked to stop, by a signal.

A handler runs in the middle of whatever the main thread is doing, so it must take no lock that the main thread may
hold: not an Event's, which ``wait`` takes, nor that of a screen. `queue.SimpleQueue` is the one channel of the
standard library whose ``put`` may be called there.
"""

import signal
from collections.abc import Callable
from queue import Empty, SimpleQueue


class StopSignals:
    """Catches signals, from the main thread, and wakes it. ``heed`` is called in the handler with the signal's number
    and how many have come: it must take no lock."""

    def __init__(self, *numbers: signal.Signals, heed: Callable[[int, int], None] | None = None) -> None:
        self._arrived: SimpleQueue[int] = SimpleQueue()
        self._heed = heed
        self.count = 0
        for number in numbers:
            signal.signal(number, self._note)

    def wait(self, seconds: float | None = None) -> bool:
        """Sleep until a signal comes, or for so many seconds. Says whether one has ever come."""
        if not self.count:
            try:
                self._arrived.get(timeout=seconds)
            except Empty:
                return False
        return True

    def _note(self, number: int, _frame: object) -> None:
        self.count += 1
        self._arrived.put(number)
        if self._heed:
            self._heed(number, self.count)
