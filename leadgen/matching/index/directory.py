"""The offerings of a directory as arrays: some ten bytes each, and their ids, all in files of which only what is looked
at takes memory (`leadgen.matching.index.shelf`)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leadgen.matching.facts import OfferingFacts
from leadgen.matching.index.kinds import Kinds
from leadgen.matching.index.places import Places
from leadgen.matching.index.shelf import Names
from leadgen.matching.kept import Stamp
from leadgen.matching.room import Unavailable

Numbers = NDArray[np.uint32]


class Named(NamedTuple):
    """What tells an offering from those that are like it."""

    id: str
    school_id: str


class Rows(NamedTuple):
    """Offerings: those in person in the order of their places, those online in the order of their ids. ``ids`` are
    UTF-8."""

    places: Numbers
    kinds: NDArray[np.unsignedinteger]
    ids: Names

    def list_within(self, stretches: NDArray[np.intp]) -> NDArray[np.intp]:
        """The numbers of the rows in these ranges of places."""
        ends = np.searchsorted(self.places, stretches.astype(np.uint32))
        return np.concatenate([np.arange(first, end) for first, end in ends.tolist()])


class Taught(NamedTuple):
    """The offerings of one program."""

    in_person: Rows
    online: Rows


class Hidden(NamedTuple):
    """What is not shown: schools that are ``closed`` or ``full``, marked by number, and some ``offerings``, by id, of
    those that are ``partly`` full."""

    closed: NDArray[np.bool_]
    full: NDArray[np.bool_]
    partly: NDArray[np.bool_]
    offerings: NDArray[np.bytes_]

    def are_full(self, rows: Rows, numbers: NDArray[np.intp], schools: Numbers) -> NDArray[np.bool_]:
        """Which of these rows have no room. ``schools`` are theirs."""
        full = self.full[schools]
        if len(self.offerings):
            doubtful = np.flatnonzero(self.partly[schools])
            full[doubtful] |= np.isin(rows.ids.take(numbers[doubtful]), self.offerings)
        return full


@dataclass(frozen=True)
class Directory:
    """All offerings that are not retired and not covered by another. ``schools`` are ids in order; ``school_of`` gives
    the school of each place by its number there."""

    stamp: Stamp
    places: Places
    school_of: Numbers
    schools: NDArray[np.bytes_]
    kinds: Kinds
    programs: dict[str, Taught]

    def hide(self, unavailable: Unavailable) -> Hidden:
        """What has no room, or takes no inquiries."""
        offerings = unavailable.full_offerings
        return Hidden(
            self.mark_schools(unavailable.closed),
            self.mark_schools(unavailable.full),
            self.mark_schools(frozenset(offerings.values())),
            np.array([each.encode() for each in offerings], np.bytes_),
        )

    def mark_schools(self, ids: frozenset[str]) -> NDArray[np.bool_]:
        """True at the number of each of these schools."""
        marks = np.zeros(len(self.schools), np.bool_)
        if ids and len(self.schools):
            width = self.schools.dtype.itemsize
            # of the same width, or all names would be made as wide as these; a longer one is none of them
            named = [name for each in ids if len(name := each.encode()) <= width]
            asked = np.array(named, self.schools.dtype)
            found = np.minimum(np.searchsorted(self.schools, asked), len(self.schools) - 1)
            marks[found[self.schools[found] == asked]] = True
        return marks

    def name(self, rows: Rows, number: int) -> Named:
        """One offering by its ids alone."""
        school = self.schools[self.school_of[rows.places[number]]]
        return Named(rows.ids[number].decode(), school.decode())

    def describe(self, rows: Rows, number: int) -> OfferingFacts:
        """One offering as the rules read it."""
        latitude, longitude = self.places.point(int(rows.places[number]))
        return self.kinds.facts[int(rows.kinds[number])]._replace(
            **self.name(rows, number)._asdict(), latitude=latitude, longitude=longitude
        )
