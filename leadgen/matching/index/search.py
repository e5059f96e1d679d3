"""The first offerings that fit and the number of all, from the directory in memory."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leadgen.geo.distance import Point, geodesic_miles
from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.facts import Candidate
from leadgen.matching.index.directory import Directory, Hidden, Numbers, Rows
from leadgen.matching.index.kinds import Settled, stand
from leadgen.matching.index.places import Estimated, Floats, Places
from leadgen.matching.kept import Picked
from leadgen.matching.score import NEARNESS_POINTS, score_offering, take_turns

# nearer to the edge than this, geopy itself decides: PROJ's geodesic differs from it by nanometers
EDGE_MILES = 1e-6
# two scores are each rounded to two decimals
ROUNDING_POINTS = 0.011


class _Fitting(NamedTuple):
    """Offerings that fit. ``points`` is their score, off by at most ``slack``; exact where that is 0."""

    rows: Rows
    numbers: NDArray[np.intp]
    points: Floats
    slack: Floats

    def keep(self, which: NDArray[np.bool_]) -> "_Fitting":
        return _Fitting(self.rows, self.numbers[which], self.points[which], self.slack[which])


class _Search(NamedTuple):
    directory: Directory
    hidden: Hidden
    criteria: Criteria
    place: Place
    settled: Settled


def pick_first(
    directory: Directory,
    hidden: Hidden,
    criteria: Criteria,
    place: Place,
    limit: int,
    seed: str,
    later: frozenset[str] = frozenset(),
) -> Picked:
    """The first ``limit`` in the order of `leadgen.matching.find`. ``hidden`` is not shown; the schools in ``later``
    come after their equals."""
    taught = directory.programs.get(criteria.program)
    if taught is None:
        return Picked([], 0, 0)
    search = _Search(directory, hidden, criteria, place, directory.kinds.settle(criteria, place.state))
    fitting = []
    if criteria.format is not FormatWish.online:
        fitting.append(_find_in_person(search, taught.in_person))
    online = 0
    if criteria.format is not FormatWish.campus:
        fitting.append(_find_online(search, taught.online))
        online = len(fitting[-1].numbers)
    total = sum(len(each.numbers) for each in fitting)
    listed = sum(int(directory.kinds.listed[each.rows.kinds[each.numbers]].sum()) for each in fitting)
    return Picked(_order(search, fitting, limit, seed, later), total, online, listed)


def _find_in_person(search: _Search, rows: Rows) -> _Fitting:
    settled = search.settled
    numbers = _keep_fitting(search, rows, _list_near(search, rows))
    kinds = rows.kinds[numbers]
    (miles, slack), inside = _settle(
        search.directory.places, search.place.point, rows.places[numbers], settled.reach[kinds]
    )
    numbers, miles, slack, kinds = numbers[inside], miles[inside], slack[inside], kinds[inside]
    return _Fitting(rows, numbers, *_score(settled, kinds, miles, slack))


def _find_online(search: _Search, rows: Rows) -> _Fitting:
    numbers = _keep_fitting(search, rows, np.arange(len(rows.places)))
    return _Fitting(rows, numbers, search.settled.base[rows.kinds[numbers]], np.zeros(len(numbers)))


def _list_near(search: _Search, rows: Rows) -> NDArray[np.intp]:
    if search.criteria.within_miles is None:
        return np.arange(len(rows.places))
    return rows.list_within(search.directory.places.list_stretches(search.place.point, search.criteria.within_miles))


def _keep_fitting(search: _Search, rows: Rows, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    numbers = numbers[search.settled.fits[rows.kinds[numbers]]]
    schools, hidden = search.directory.school_of[rows.places[numbers]], search.hidden
    return numbers[~(hidden.closed[schools] | hidden.are_full(rows, numbers, schools))]


def settle_distances(places: Places, point: Point, among: Numbers, reach: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """How far each of these places is, roughly; and, as the geodesic has it, whether that is within its reach."""
    (miles, _), inside = _settle(places, point, among, reach)
    return miles, inside


def _settle(places: Places, point: Point, among: Numbers, reach: Floats) -> tuple[Estimated, NDArray[np.bool_]]:
    estimated = places.estimate(point, among)
    inside = estimated.miles + estimated.slack <= reach
    doubtful = np.flatnonzero(~inside & (estimated.miles - estimated.slack <= reach))
    inside[doubtful] = _settle_doubt(places, point, among[doubtful], reach[doubtful])
    return estimated, inside


def _settle_doubt(places: Places, point: Point, among: Numbers, reach: Floats) -> NDArray[np.bool_]:
    if not len(among):
        return np.zeros(0, np.bool_)
    miles = places.measure(point, among)
    for number in np.flatnonzero(np.abs(miles - reach) < EDGE_MILES).tolist():
        miles[number] = geodesic_miles(point, places.point(int(among[number])))
    return miles <= reach


def _score(settled: Settled, kinds: NDArray[np.unsignedinteger], miles: Floats, slack: Floats) -> tuple[Floats, Floats]:
    base, fades = settled.base[kinds], settled.fades[kinds]
    moves = (fades > 0) & (miles - slack < fades)
    each_mile = NEARNESS_POINTS / np.where(moves, fades, np.inf)
    nearness = np.maximum(fades - miles, 0.0) * each_mile
    return base + nearness, np.where(moves, slack * each_mile + ROUNDING_POINTS, 0.0)


def _order(search: _Search, fitting: list[_Fitting], limit: int, seed: str, later: frozenset[str]) -> list[Candidate]:
    exact = [_score_exactly(search, each) for each in _keep_contenders(fitting, limit, sure=-1)]
    best = _keep_contenders(exact, limit, sure=0)
    ordered = sorted(
        (-points, take_turns(seed, search.directory.name(rows, number), later), number, which)
        for which, (rows, numbers, all_points, _) in enumerate(best)
        for number, points in zip(numbers.tolist(), all_points.tolist(), strict=True)
    )
    return _describe(search, [(best[which].rows, number) for _, _, number, which in ordered[:limit]])


def _keep_contenders(fitting: list[_Fitting], limit: int, sure: int) -> list[_Fitting]:
    """Those that may be among the first. ``sure`` is the sign of the slack with which a score certainly holds."""
    certain = np.concatenate([each.points + sure * each.slack for each in fitting])
    if len(certain) <= limit:
        return fitting
    least = np.partition(certain, len(certain) - limit)[len(certain) - limit]
    return [each.keep(each.points - sure * each.slack >= least) for each in fitting]


def _score_exactly(search: _Search, fitting: _Fitting) -> _Fitting:
    directory, rows, unsure = search.directory, fitting.rows, np.flatnonzero(fitting.slack)
    if not len(unsure):
        return fitting
    numbers = fitting.numbers[unsure]
    miles = directory.places.measure(search.place.point, rows.places[numbers])
    facts = directory.kinds.facts
    points = fitting.points.copy()
    points[unsure] = [
        score_offering(facts[kind], search.criteria, far)
        for kind, far in zip(rows.kinds[numbers].tolist(), miles.tolist(), strict=True)
    ]
    return fitting._replace(points=points, slack=np.zeros(len(points)))


def _describe(search: _Search, picked: list[tuple[Rows, int]]) -> list[Candidate]:
    places = np.array([rows.places[number] for rows, number in picked], np.uint32)
    miles = search.directory.places.measure(search.place.point, places).tolist()
    offerings = [search.directory.describe(rows, number) for rows, number in picked]
    return [
        Candidate(offering, search.criteria, search.place.state, stand(offering, far))
        for offering, far in zip(offerings, miles, strict=True)
    ]
