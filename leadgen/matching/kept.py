"""Where a process that keeps the directory in memory says so. Without one, the database answers every search."""

from typing import NamedTuple, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.models import DirectoryVersion

_STAMP = select(func.max(DirectoryVersion.id), func.count(DirectoryVersion.id))


class Stamp(NamedTuple):
    """What tells one state of the directory from another: the newest version, and how many there are (of two that were
    made at once, the older may be seen after the newer)."""

    newest: int | None
    versions: int


class Picked(NamedTuple):
    """The first offerings in order, with exact distances, and how many fit in all, online, and at schools that are
    only listed."""

    candidates: list[Candidate]
    total: int
    total_online: int
    total_listed: int = 0


class Kept(Protocol):
    """A directory in memory, as its database held it at a stamp."""

    def is_of(self, stamp: Stamp) -> bool:
        """Whether the database holds the same now; where it does not, it is read again beside."""

    def pick_first(self, criteria: Criteria, place: Place, limit: int, seed: str, later: frozenset[str]) -> Picked:
        """The first ``limit`` of those that fit, and the number of all."""

    def pick_nearly(
        self, criteria: Criteria, place: Place, radius_miles: float | None, *, receiving: bool
    ) -> list[OfferingFacts]:
        """Those that near misses are chosen from."""


class Keeper(Protocol):
    """Whoever keeps the directory of a database in memory."""

    def find(self, session: Session) -> Kept | None:
        """The directory as it was read last; None while it is not in memory."""


_KEEPERS: WeakKeyDictionary[Engine, Keeper] = WeakKeyDictionary()


def read_stamp(session: Session) -> Stamp:
    """The state of the directory that this session sees."""
    return Stamp(*session.execute(_STAMP).one())


def appoint(engine: Engine, keeper: Keeper) -> None:
    """Let searches of this database ask the keeper first."""
    _KEEPERS[engine] = keeper


def find_kept(session: Session) -> Kept | None:
    """The directory in memory, where this process keeps it. It may be of yesterday: `Kept.is_of` has to be asked."""
    bind = session.get_bind()
    keeper = _KEEPERS.get(bind) if isinstance(bind, Engine) else None
    return keeper.find(session) if keeper else None
