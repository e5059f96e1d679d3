"""Read the directory into memory, once over, whatever its size."""

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from leadgen.matching.candidates import select_named
from leadgen.matching.facts import OfferingFacts
from leadgen.matching.index.directory import Directory, Rows, Taught
from leadgen.matching.index.kinds import SHARED, Kinds
from leadgen.matching.index.places import Places, sort_places
from leadgen.matching.index.shelf import Names, shelve
from leadgen.matching.kept import Stamp, read_stamp
from leadgen.models import Format, Offering

AT_ONCE = 10_000
# beyond, the kinds alone would take more memory than the index is worth
MOST_KINDS = 250_000
NOWHERE = -1

_offering = Offering.__table__.c
_OWN = ("id", "school_id", "campus_id", "latitude", "longitude", "program")
# as the database keeps them: only one of each kind is made into what the rules read
_ALL = select(*(type_coerce(_offering[name], NullType()) for name in (*_OWN, *SHARED))).where(
    _offering.retired.is_(False), _offering.covered.is_(False)
)
_FORMAT = len(_OWN) + SHARED.index("format")


class TooManyKindsError(Exception):
    """Hardly two offerings are alike, so that to keep them by kind saves nothing."""


def build_directory(session: Session) -> Directory:
    """Everything as this session sees it: one state of the database throughout. Raises TooManyKindsError."""
    stamp, reader = read_stamp(session), _Reader()
    for row in _read(session):
        reader.take(row)
    return reader.join(session, stamp)


def _read(session: Session) -> Iterator[Sequence[Any]]:
    result = session.connection().execute(_ALL, execution_options={"stream_results": True, "yield_per": AT_ONCE})
    for part in result.partitions():
        yield from part


class _Reader:
    """Takes rows one by one, and joins them at the end."""

    def __init__(self) -> None:
        self.schools: dict[str, int] = {}
        self.spots = array("i")
        self.elsewhere: dict[Hashable, int] = {}
        self.kinds: dict[Hashable, int] = {}
        self.first_ids: list[str] = []
        self.latitudes, self.longitudes, self.school_of = array("d"), array("d"), array("I")
        self.piles: dict[tuple[str, bool], _Pile] = {}

    def take(self, row: Sequence[Any]) -> None:
        """One offering."""
        offering_id, school_id, campus_id, latitude, longitude, program = row[:6]
        spot = self._find_spot(campus_id, latitude, longitude)
        if spot == len(self.school_of):
            self.school_of.append(self.schools.setdefault(school_id, len(self.schools)))
        kind = self.kinds.setdefault(row[6:], len(self.kinds))
        if kind == len(self.first_ids):
            self._note_kind(offering_id)
        key = program, row[_FORMAT] == Format.online
        pile = self.piles.get(key) or self.piles.setdefault(key, _Pile())
        pile.add(spot, kind, offering_id)

    def _find_spot(self, campus_id: int, latitude: float, longitude: float) -> int:
        """The number of a place. Campuses count from 1, so that a list of numbers does, where a dictionary of a million
        would take more memory than all the rest."""
        self.spots.extend([NOWHERE] * (campus_id + 1 - len(self.spots)))
        spot = self.spots[campus_id]
        if spot == NOWHERE:
            spot = self.spots[campus_id] = self._add_spot(latitude, longitude)
        if (self.latitudes[spot], self.longitudes[spot]) == (latitude, longitude):
            return spot
        # an offering that is taught elsewhere than where its campus is
        key = campus_id, latitude, longitude
        if key not in self.elsewhere:
            self.elsewhere[key] = self._add_spot(latitude, longitude)
        return self.elsewhere[key]

    def _add_spot(self, latitude: float, longitude: float) -> int:
        self.latitudes.append(latitude)
        self.longitudes.append(longitude)
        return len(self.latitudes) - 1

    def _note_kind(self, offering_id: str) -> None:
        self.first_ids.append(offering_id)
        if len(self.first_ids) > MOST_KINDS:
            raise TooManyKindsError

    def join(self, session: Session, stamp: Stamp) -> Directory:
        """The directory of all that was taken."""
        del self.spots, self.elsewhere, self.kinds
        latitudes, longitudes = np.array(self.latitudes), np.array(self.longitudes)
        grid = sort_places(latitudes, longitudes)
        names = np.array([each.encode() for each in self.schools], np.bytes_)
        order = np.argsort(names)
        facts = {each.id: each for each in _share(select_named(session, self.first_ids))}
        return Directory(
            stamp=stamp,
            places=Places(latitudes[grid], longitudes[grid]),
            school_of=shelve(_rank(order)[np.array(self.school_of, np.uint32)[grid]]),
            schools=shelve(names[order]),
            kinds=Kinds([facts[each] for each in self.first_ids]),
            programs=self._sort_piles(_rank(grid)),
        )

    def _sort_piles(self, ranks: NDArray[np.uint32]) -> dict[str, Taught]:
        kind_type = np.min_scalar_type(len(self.first_ids))
        taught = {}
        for program in sorted({program for program, _ in self.piles}):
            in_person, online = (self.piles.get((program, each)) or _Pile() for each in (False, True))
            taught[program] = Taught(
                in_person.sort(ranks, kind_type, by_id=False), online.sort(ranks, kind_type, by_id=True)
            )
        return taught


class _Pile:
    """Offerings of one program, in person or online, in the order of reading."""

    def __init__(self) -> None:
        self.places, self.kinds, self.ids = array("I"), array("I"), TemporaryFile()  # noqa: SIM115 - closed by `sort`

    def add(self, place: int, kind: int, offering_id: str) -> None:
        """One more."""
        self.places.append(place)
        self.kinds.append(kind)
        self.ids.write(offering_id.encode() + b"\n")

    def sort(self, ranks: NDArray[np.uint32], kind_type: np.dtype[Any], *, by_id: bool) -> Rows:
        """The rows in the order of their ids, or of their places by the rank of each. The pile is of no use
        afterwards."""
        places, ids = ranks[np.array(self.places, np.uint32)], self._read_ids()
        order = np.argsort(ids if by_id else places, kind="stable")
        return Rows(shelve(places[order]), shelve(np.array(self.kinds, kind_type)[order]), Names.shelve(ids[order]))

    def _read_ids(self) -> NDArray[np.bytes_]:
        with self.ids:
            self.ids.seek(0)
            return np.array(self.ids.read().split(), np.bytes_)


def _share(offerings: Iterable[OfferingFacts]) -> Iterator[OfferingFacts]:
    """The same, with each value that several have kept once."""
    known: dict[object, Any] = {}
    for offering in offerings:
        yield OfferingFacts._make(known.setdefault((type(value), value), value) for value in offering)


def _rank(order: NDArray[np.intp]) -> NDArray[np.uint32]:
    ranks = np.empty(len(order), np.uint32)
    ranks[order] = np.arange(len(order), dtype=np.uint32)
    return ranks
