"""The directory in memory of this process: built beside the requests, used only while it is what the database holds.

Each search reads the stamp of the directory together with the names that it shows. Where it is another than that of the
directory in memory, the database answers instead, and a thread reads the directory anew. So an import is seen at once,
by every process.
"""

import logging
import threading
import time
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from leadgen.database import reading
from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import OfferingFacts
from leadgen.matching.index.apart import read_apart
from leadgen.matching.index.build import TooManyKindsError, build_directory
from leadgen.matching.index.directory import Directory, Hidden
from leadgen.matching.index.memory import give_memory_back, part_with_large_pieces
from leadgen.matching.index.nearly import pick_nearly
from leadgen.matching.index.search import pick_first
from leadgen.matching.index.snapshot import has_more_offerings, open_snapshot
from leadgen.matching.kept import Picked, Stamp, appoint
from leadgen.matching.room import find_hidden

log = logging.getLogger(__name__)

# with more, a process of its own reads them
MANY_OFFERINGS = 200_000
# schools that are paused, full or open again are noticed within, where a search comes in every second
HIDDEN_SECONDS = 0.5
# what nobody looked at for longer is no answer: the search that comes then looks itself
STALE_SECONDS = 2.0
# so long after a search it is looked again and again, and at most a quarter of the time
WATCH_SECONDS = 60.0
REST = 3


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

    def pick_first(self, criteria: Criteria, place: Place, limit: int, seed: str, later: frozenset[str]) -> Picked:
        """The first ``limit`` of those that fit, and the number of all."""
        return pick_first(self.directory, self.hidden, criteria, place, limit, seed, later)

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
        self._is_searched = threading.Event()
        self._searched_at = 0.0
        self._seconds_allowed = HIDDEN_SECONDS
        self._is_blind = False

    def find(self, session: Session) -> Shown | None:
        """The directory as it was read last, with the schools that are hidden; None while it is not in memory."""
        kept, shown = self._kept, self._shown
        if kept is None:
            self._is_asked.set()
            return None
        self._searched_at = time.monotonic()
        self._is_searched.set()
        if shown and shown.directory is kept and time.monotonic() - shown.at <= self._seconds_allowed:
            return shown
        return self._show(kept, session)

    def _show(self, kept: Directory, session: Session) -> Shown:
        started = time.monotonic()
        self._shown = shown = Shown(kept, kept.hide(find_hidden(session)), started, self._is_asked)
        return shown

    def build(self) -> None:
        """Read the directory now."""
        url = self._engine.url
        with open_snapshot(url) as session:
            is_large = has_more_offerings(session, MANY_OFFERINGS)
            self._kept = self._kept if is_large else build_directory(session)
        if is_large:
            self._kept = read_apart(url)
        give_memory_back()

    def run(self) -> None:
        """Read the directory at once, and again whenever a search found it changed."""
        self._is_asked.set()
        while self._is_asked.wait():
            try:
                self.build()
                self._is_asked.clear()  # whoever finds it changed since then asks again
            except TooManyKindsError:
                self._kept = self._shown = None
                return
            except (SQLAlchemyError, OSError, MemoryError) as error:  # try again: until then the database answers
                log.warning("The directory could not be read into memory: %s", type(error).__name__)
                time.sleep(HIDDEN_SECONDS)

    def watch(self) -> None:
        """Look which schools are hidden while people search, so that no search need: among a quarter of a million
        schools that takes longer than many searches."""
        self._seconds_allowed = STALE_SECONDS
        while self._is_searched.wait():
            self._is_searched.clear()
            while time.monotonic() - self._searched_at < WATCH_SECONDS:
                began = time.monotonic()
                self._look()
                time.sleep(max(HIDDEN_SECONDS, REST * (time.monotonic() - began)))

    def _look(self) -> None:
        try:
            with reading(), Session(self._engine) as session:
                if self._kept:
                    self._show(self._kept, session)
            self._is_blind = False
        except SQLAlchemyError as error:  # the next search looks itself
            if not self._is_blind:
                log.warning("Who is hidden could not be read: %s", type(error).__name__)
            self._is_blind = True


def keep_directory(engine: Engine) -> Keeper:
    """Keep the directory of this database in memory from now on. It is there when `Keeper.build` has run."""
    keeper = Keeper(engine)
    part_with_large_pieces()
    appoint(engine, keeper)
    return keeper


def keep_beside(engine: Engine) -> Keeper:
    """The same, built and watched by threads that end with the process."""
    keeper = keep_directory(engine)
    for name, work in (("directory", keeper.run), ("hidden", keeper.watch)):
        threading.Thread(target=work, name=name, daemon=True).start()
    return keeper
