"""The directory in memory of this process: built beside the requests, used only while it is what the database holds.

Each search reads the stamp of the directory together with the names that it shows. Where it is another than that of the
directory in memory, the database answers instead, and a thread reads the directory anew. So an import is seen at once,
by every process.
"""

import ctypes
import logging
import threading
import time
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import OfferingFacts
from leadgen.matching.index.apart import read_apart
from leadgen.matching.index.build import TooManyKindsError, build_directory
from leadgen.matching.index.directory import Directory, Hidden
from leadgen.matching.index.nearly import pick_nearly
from leadgen.matching.index.search import pick_first
from leadgen.matching.index.snapshot import has_more_offerings, open_snapshot
from leadgen.matching.kept import Picked, Stamp, appoint
from leadgen.matching.room import find_hidden

log = logging.getLogger(__name__)

# with more, a process of its own reads them
MANY_OFFERINGS = 200_000
# glibc's number for the size from which memory is asked of the system and given back to it
_M_MMAP_THRESHOLD, LARGE_BYTES = -3, 1_000_000
# schools that are paused, full or open again are noticed within
HIDDEN_SECONDS = 0.5


class Shown(NamedTuple):
    """The directory, and what of it is ``hidden``, as they were ``at`` that moment of `time.monotonic`. ``is_asked``
    has it read again."""

    directory: Directory
    hidden: Hidden
    at: float
    is_asked: threading.Event

    def is_of(self, stamp: Stamp) -> bool:
        """Whether the database holds the same now."""
        same = self.directory.stamp == stamp
        if not same:
            self.is_asked.set()
        return same

    def pick_first(self, criteria: Criteria, place: Place, limit: int, seed: str) -> Picked:
        """The first ``limit`` of those that fit, and the number of all."""
        return pick_first(self.directory, self.hidden, criteria, place, limit, seed)

    def pick_nearly(
        self, criteria: Criteria, place: Place, radius_miles: float | None, *, receiving: bool
    ) -> list[OfferingFacts]:
        """Those that near misses are chosen from."""
        return pick_nearly(self.directory, self.hidden, criteria, place, radius_miles, receiving=receiving)


class Keeper:
    """Keeps the directory of one database in memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: Directory | None = None
        self._shown: Shown | None = None
        self._is_asked = threading.Event()

    def find(self, session: Session) -> Shown | None:
        """The directory as it was read last, with the schools that are hidden; None while it is not in memory."""
        kept, shown = self._kept, self._shown
        if kept is None:
            self._is_asked.set()
            return None
        if shown is None or shown.directory is not kept or time.monotonic() - shown.at > HIDDEN_SECONDS:
            hidden = kept.hide(find_hidden(session))
            self._shown = shown = Shown(kept, hidden, time.monotonic(), self._is_asked)
        return shown

    def build(self) -> None:
        """Read the directory now."""
        url = self._engine.url
        with open_snapshot(url) as session:
            is_large = has_more_offerings(session, MANY_OFFERINGS)
            self._kept = self._kept if is_large else build_directory(session)
        if is_large:
            self._kept = read_apart(url)
        _give_memory_back()

    def run(self) -> None:
        """Read the directory at once, and again whenever a search found it changed."""
        self._is_asked.set()
        while self._is_asked.wait():
            self._is_asked.clear()
            try:
                self.build()
            except TooManyKindsError:
                self._kept = self._shown = None
                return
            except (SQLAlchemyError, OSError, MemoryError) as error:  # try again: until then the database answers
                log.warning("The directory could not be read into memory: %s", type(error).__name__)
                time.sleep(HIDDEN_SECONDS)


def keep_directory(engine: Engine) -> Keeper:
    """Keep the directory of this database in memory from now on. It is there when `Keeper.build` has run."""
    keeper = Keeper(engine)
    _part_with_large_pieces()
    appoint(engine, keeper)
    return keeper


def keep_beside(engine: Engine) -> None:
    """The same, built in a thread that ends with the process."""
    threading.Thread(target=keep_directory(engine).run, name="directory", daemon=True).start()


def _give_memory_back() -> None:
    """What reading took and left free: at a million campuses, a third of all that the process holds. glibc has it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def _part_with_large_pieces() -> None:
    """Let the arrays of a search go back to the system when it is over, where glibc would keep ever larger ones for the
    next."""
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune:
        tune(_M_MMAP_THRESHOLD, LARGE_BYTES)
