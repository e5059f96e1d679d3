"""The outlines of the states and territories, placed on a part of the drawing.

``us_states.json`` is TopoJSON (github.com/topojson/topojson-specification): the borders that two states share are kept
once, as arcs, each a first point and then steps, in whole numbers of a grid.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from leadgen.geo.albers import STATES, Box, Part, Position
from leadgen.geo.distance import Point

_FILE = Path(__file__).with_name("us_states.json")
_POSTAL = (
    "01AL02AK04AZ05AR06CA08CO09CT10DE11DC12FL13GA15HI16ID17IL18IN19IA20KS21KY22LA23ME24MD25MA26MI27MN28MS29MO30MT"
    "31NE32NV33NH34NJ35NM36NY37NC38ND39OH40OK41OR42PA44RI45SC46SD47TN48TX49UT50VT51VA53WA54WV55WI56WY"
    "60AS66GU69MP72PR78VI"
)
POSTAL = {_POSTAL[at : at + 2]: _POSTAL[at + 2 : at + 4] for at in range(0, len(_POSTAL), 4)}
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}
_INSETS = {"AK": "Alaska", "HI": "Hawaii"}

Ring = tuple[Position, ...]


@dataclass(frozen=True)
class Outline:
    """A state as rings of positions, each with the box around it."""

    name: str
    postal: str
    rings: tuple[tuple[Ring, Box], ...]


@lru_cache(maxsize=64)
def list_outlines(part: Part) -> tuple[Outline, ...]:
    """The states of a part; whatever land is near its middle, for one that is around a point."""
    inset = part in STATES
    found = (
        Outline(name, postal, tuple(_place(rings, part, bounded=not inset)))
        for name, postal, rings in _read()
        if not inset or (postal not in TERRITORIES and _INSETS.get(postal, "mainland") == part.name)
    )
    return tuple(outline for outline in found if outline.rings)


def find_box(ring: Iterable[Position]) -> Box:
    xs, ys = zip(*ring, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=1)
def name_areas() -> dict[str, str]:
    """What each postal abbreviation stands for."""
    return {postal: name for name, postal, _ in _read()}


def _place(rings: list[list[Point]], part: Part, *, bounded: bool) -> Iterator[tuple[Ring, Box]]:
    for ring in rings:
        if not bounded or part.holds(part.place(*ring[0])):
            placed = tuple(part.place(*point) for point in ring)
            yield placed, find_box(placed)


@lru_cache(maxsize=1)
def _read() -> tuple[tuple[str, str, list[list[Point]]], ...]:
    topology = json.loads(_FILE.read_text(encoding="utf-8"))
    arcs = [_read_arc(arc, **topology["transform"]) for arc in topology["arcs"]]
    states = topology["objects"]["states"]["geometries"]
    return tuple((each["properties"]["name"], POSTAL[each["id"]], _read_rings(each, arcs)) for each in states)


def _read_arc(arc: list[list[int]], scale: Position, translate: Position) -> list[Point]:
    xs, ys = accumulate(x for x, _ in arc), accumulate(y for _, y in arc)
    return [(y * scale[1] + translate[1], x * scale[0] + translate[0]) for x, y in zip(xs, ys, strict=True)]


def _read_rings(geometry: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    """The rings of a polygon or of several; a negative number is an arc walked backwards."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [
        [point for at in ring for point in (arcs[at] if at >= 0 else arcs[~at][::-1])]
        for polygon in polygons
        for ring in polygon
    ]
