"""Offerings that nearly fit, from the directory in memory: few, and among them all that can be shown as near misses.

Each rule that an offering fails is a bit. Which few are shown, and in what order, `leadgen.matching.near_misses`
settles of those that are given here, as it does of all that the database gives. What is rough here only gives more.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leadgen.geo.distance import box_around
from leadgen.geo.zips import Place
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import OfferingFacts
from leadgen.matching.index.directory import Directory, Hidden, Rows
from leadgen.matching.index.kinds import BIT, Bits
from leadgen.matching.index.places import Floats
from leadgen.matching.index.search import settle_distances
from leadgen.matching.near_misses import MOST_FAILURES, MOST_LOOKED_AT, MOST_SHOWN
from leadgen.matching.rules import Rule

# by so much two ways to measure the same distance may differ, in shares and in miles
DOUBT_SHARE, DOUBT_MILES = 0.006, 0.01


class _Misses(NamedTuple):
    """Open offerings of which some fail. ``miles`` are rough, and without end for what is taught online."""

    rows: Rows
    numbers: NDArray[np.intp]
    bits: Bits
    miles: Floats

    def keep(self, which: NDArray[np.bool_]) -> "_Misses":
        return _Misses(self.rows, self.numbers[which], self.bits[which], self.miles[which])


class _Question(NamedTuple):
    directory: Directory
    hidden: Hidden
    criteria: Criteria
    place: Place
    receiving: bool


def pick_nearly(
    directory: Directory,
    hidden: Hidden,
    criteria: Criteria,
    place: Place,
    radius_miles: float | None,
    *,
    receiving: bool,
) -> list[OfferingFacts]:
    """Offerings that fail by as few rules as any does, and by no more than two: in person in a box around the place,
    and online anywhere. With ``receiving`` none that is only listed."""
    taught = directory.programs.get(criteria.program)
    if taught is None:
        return []
    question = _Question(directory, hidden, criteria, place, receiving)
    near = _look_in_person(question, taught.in_person, radius_miles)
    online = _look_online(question, taught.online)
    fewest = min((int(np.bitwise_count(each.bits).min()) for each in (near, online) if len(each.bits)), default=0)
    if not 0 < fewest <= MOST_FAILURES:
        return []
    near, online = (each.keep(np.bitwise_count(each.bits) == fewest) for each in (near, online))
    picked = _pick_nearest(directory, near)
    others = _pick_first_online(directory, online, without=_find_schools(directory, near))
    return [directory.describe(rows, number) for rows, numbers in (picked, others) for number in numbers.tolist()]


def _look_in_person(question: _Question, rows: Rows, radius_miles: float | None) -> _Misses:
    directory, point = question.directory, question.place.point
    numbers = _keep_open(question, rows, _list_in_box(question, rows, radius_miles))
    kinds, places = rows.kinds[numbers], rows.places[numbers]
    reach = directory.kinds.find_reach(question.criteria)[kinds]
    miles, within = settle_distances(directory.places, point, places, reach)
    bits = _find_failures(question, rows, numbers) | np.where(within, 0, BIT[Rule.distance])
    return _keep_failed(_Misses(rows, numbers, bits, miles))


def _look_online(question: _Question, rows: Rows) -> _Misses:
    numbers = _keep_open(question, rows, np.arange(len(rows.places)))
    bits = _find_failures(question, rows, numbers)
    return _keep_failed(_Misses(rows, numbers, bits, np.full(len(numbers), np.inf)))


def _list_in_box(question: _Question, rows: Rows, radius_miles: float | None) -> NDArray[np.intp]:
    """The same box as the database is asked for."""
    if radius_miles is None:
        return np.arange(len(rows.places))
    places = question.directory.places
    numbers = rows.list_within(places.list_stretches(question.place.point, radius_miles))
    south, north, ranges = box_around(question.place.point, radius_miles)
    return numbers[places.are_inside(rows.places[numbers], south, north, ranges)]


def _keep_open(question: _Question, rows: Rows, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    schools = question.directory.school_of[rows.places[numbers]]
    shown = ~question.hidden.closed[schools]
    if question.receiving:
        shown &= ~question.directory.kinds.listed[rows.kinds[numbers]]
    return numbers[shown]


def _find_failures(question: _Question, rows: Rows, numbers: NDArray[np.intp]) -> Bits:
    bits = question.directory.kinds.find_failures(question.criteria, question.place.state)[rows.kinds[numbers]]
    full = question.hidden.are_full(rows, numbers, question.directory.school_of[rows.places[numbers]])
    bits[full] |= BIT[Rule.room]
    return np.asarray(bits, np.uint32)


def _keep_failed(misses: _Misses) -> _Misses:
    return misses.keep(misses.bits > 0)


def _find_schools(directory: Directory, misses: _Misses) -> NDArray[np.unsignedinteger]:
    return directory.school_of[misses.rows.places[misses.numbers]]


def _pick_nearest(directory: Directory, misses: _Misses) -> tuple[Rows, NDArray[np.intp]]:
    """Of each school the nearest, and all that may be it; of the schools the nearest, overall and for each rule."""
    schools = _find_schools(directory, misses)
    names, school = np.unique(schools, return_inverse=True)
    least = np.full(len(names), np.inf)
    np.minimum.at(least, school, misses.miles)
    is_nearest = misses.miles <= _allow_doubt(least[school])
    first_rule = misses.bits & (~misses.bits + 1)
    rule_of = _agree(school[is_nearest], first_rule[is_nearest], len(names))
    wanted = least <= _find_edge(least, MOST_SHOWN + MOST_LOOKED_AT)
    for rule in np.unique(first_rule):
        has = np.zeros(len(names), np.bool_)
        has[school[is_nearest & (first_rule == rule)]] = True
        wanted |= has & (least <= _find_edge(least[rule_of == rule], MOST_SHOWN))
    return misses.rows, misses.numbers[is_nearest & wanted[school]]


def _agree(school: NDArray[np.intp], rules: Bits, count: int) -> Bits:
    """The rule of each school, where all that may be its nearest fail by the same; else 0."""
    every, some = np.full(count, np.iinfo(rules.dtype).max, rules.dtype), np.zeros(count, rules.dtype)
    np.bitwise_and.at(every, school, rules)
    np.bitwise_or.at(some, school, rules)
    some[every != some] = 0
    return some


def _find_edge(least: Floats, count: int) -> float:
    """No school farther than this is among the ``count`` nearest."""
    if len(least) <= count:
        return np.inf
    return float(_allow_doubt(np.partition(least, count)[count]))


def _allow_doubt(miles: Floats) -> Floats:
    return np.asarray(miles * (1 + 2 * DOUBT_SHARE) + DOUBT_MILES)


def _pick_first_online(
    directory: Directory, misses: _Misses, without: NDArray[np.unsignedinteger]
) -> tuple[Rows, NDArray[np.intp]]:
    """The first of each school by id, which is the order of the rows; of each rule the first few."""
    schools = _find_schools(directory, misses)
    misses, schools = misses.keep(~np.isin(schools, without)), schools[~np.isin(schools, without)]
    firsts = np.sort(np.unique(schools, return_index=True)[1])
    bits = misses.bits[firsts]
    rules = bits & (~bits + 1)
    few = [firsts[rules == rule][:MOST_SHOWN] for rule in np.unique(rules)]
    return misses.rows, misses.numbers[np.concatenate([firsts[:0], *few])]
