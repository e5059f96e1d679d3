"""BallTree, Redis and a geopy loop: each tells who is near, and the rest is Python around it.

They hold the offerings of one program in memory, ready to be judged: what reading those costs is not counted.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from geopy.distance import geodesic
from redis import Redis
from sqlalchemy.orm import Session

from leadgen.geo.distance import BAND, EARTH_RADIUS_MILES, great_circle_miles, settle_miles
from leadgen.geo.zips import Place, find_place
from leadgen.matching.candidates import select_in_person, select_online
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.facts import Candidate, OfferingFacts, find_reach_miles
from leadgen.matching.room import find_hidden
from tests.benchmarks.match.answer import Answer, finish
from tests.benchmarks.match.town import PROGRAMS

KEY = "campuses"
AT_ONCE = 10_000


class Shelf(NamedTuple):
    """The offerings of the program, and the schools that are closed or full."""

    in_person: list[OfferingFacts]
    online: list[OfferingFacts]
    closed: frozenset[str]
    full: frozenset[str]

    @classmethod
    def read(cls, session: Session) -> "Shelf":
        """All of it."""
        anywhere: Any = None
        offerings = select_in_person(session, PROGRAMS[0], anywhere, None)
        return cls(offerings, select_online(session, PROGRAMS[0], None), *find_hidden(session)[:2])

    def make(self, offering: OfferingFacts, criteria: Criteria, place: Place, miles: float | None) -> Candidate:
        """A candidate as the rules want it."""
        school = offering.school_id
        return Candidate(offering, criteria, place.state, miles, school not in self.closed, school not in self.full)

    def finish(self, criteria: Criteria, place: Place, near: Sequence[OfferingFacts]) -> Answer:
        """The answer, where those in ``near`` may be near enough."""
        made = [self.make(each, criteria, place, _settle(each, criteria, place)) for each in near]
        if criteria.format is not FormatWish.campus:
            made += [self.make(each, criteria, place, None) for each in self.online]
        return finish(made, place)


class BallTree:
    """scikit-learn's, with great-circle distances. ``narrow`` is all that it does itself."""

    name = "balltree"

    def __init__(self, shelf: Shelf) -> None:
        import numpy as np  # noqa: PLC0415 - scikit-learn is there for this benchmark alone
        from sklearn.neighbors import BallTree as Tree  # noqa: PLC0415

        self._shelf, self._radians = shelf, np.radians
        points = [(each.latitude, each.longitude) for each in shelf.in_person]
        self._tree = Tree(np.radians(points), metric="haversine")

    def narrow(self, criteria: Criteria) -> list[int]:
        angle = criteria.within_miles * (1 + BAND) / EARTH_RADIUS_MILES  # type: ignore[operator]
        (found,) = self._tree.query_radius(self._radians([find_place(criteria.zip).point]), angle)
        return list(found)

    def find(self, criteria: Criteria) -> Answer:
        near = [self._shelf.in_person[number] for number in self.narrow(criteria)]
        return self._shelf.finish(criteria, find_place(criteria.zip), near)


class RedisGeo:
    """GEOSEARCH on one key."""

    name = "redis"

    def __init__(self, shelf: Shelf, redis: "Redis") -> None:
        self._shelf, self._redis = shelf, redis
        redis.delete(KEY)
        for start in range(0, len(shelf.in_person), AT_ONCE):
            part: list[float | str] = []
            for number, each in enumerate(shelf.in_person[start : start + AT_ONCE], start):
                part += (each.longitude, each.latitude, str(number))
            redis.geoadd(KEY, part)

    def narrow(self, criteria: Criteria) -> list[int]:
        place, miles = find_place(criteria.zip), criteria.within_miles * (1 + 2 * BAND)  # type: ignore[operator]
        found = self._redis.geosearch(KEY, longitude=place.longitude, latitude=place.latitude, radius=miles, unit="mi")
        return [int(number) for number in found]  # type: ignore[union-attr]

    def find(self, criteria: Criteria) -> Answer:
        near = [self._shelf.in_person[number] for number in self.narrow(criteria)]
        return self._shelf.finish(criteria, find_place(criteria.zip), near)


class GeopyLoop:
    """A geodesic for each campus of the program: what everybody writes first."""

    name = "geopy_loop"

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def find(self, criteria: Criteria) -> Answer:
        place, shelf = find_place(criteria.zip), self._shelf
        made = [
            shelf.make(each, criteria, place, geodesic(place.point, (each.latitude, each.longitude)).miles)
            for each in shelf.in_person
        ]
        if criteria.format is not FormatWish.campus:
            made += [shelf.make(each, criteria, place, None) for each in shelf.online]
        return finish(made, place)


def _settle(offering: OfferingFacts, criteria: Criteria, place: Place) -> float | None:
    point, reach = (offering.latitude, offering.longitude), find_reach_miles(criteria, offering)
    return great_circle_miles(place.point, point) if reach is None else settle_miles(place.point, point, reach)
