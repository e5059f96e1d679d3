"""The land of a view, as SVG, and the places in it where a state's name can stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from leadgen.geo.albers import STATES, Box, Position
from leadgen.geo.outlines import TERRITORIES, Outline, find_box, list_outlines
from leadgen.geo.view import HEIGHT, WIDTH, View

# borders are cut so far outside the picture that nobody sees the cut
BLEED = 8.0
FRAME = (-BLEED, -BLEED, WIDTH + BLEED, HEIGHT + BLEED)
# points nearer than this to the last one kept are left out, in the picture's units
DETAIL = 0.7
SMALLEST = 1.5
# where a name may stand in the box of its state, as shares of the box: first its middle
STANDS = [(x / 8, y / 8) for y in (4, 3, 5, 2, 6, 1, 7) for x in (4, 3, 5, 2, 6, 1, 7)]


@dataclass(frozen=True)
class Area:
    """A state as it is seen: the largest piece of it, where its name may stand, its name and its abbreviation."""

    name: str
    postal: str
    box: Box
    stands: tuple[Position, ...]


@dataclass(frozen=True)
class Land:
    """The land as ``<path>`` elements, and what can be named on it."""

    svg: str
    areas: tuple[Area, ...]


@lru_cache(maxsize=512)
def draw_land(view: View) -> Land:
    """Every state in view. Kept, since many ask from the same ZIP code."""
    outlines = [outline for part in ([view.part] if view.part else STATES) for outline in list_outlines(part)]
    seen = [(outline, rings) for outline in outlines if (rings := _cut(outline, view))]
    svg = "".join(f'<path class="land" d="{"".join(map(_write, rings))}"/>' for _, rings in seen)
    return Land(svg, tuple(_describe(outline, rings) for outline, rings in seen))


def _cut(outline: Outline, view: View) -> list[list[Position]]:
    """The rings of a state that are in view, cut to the picture."""
    cut = []
    for ring, (left, top, right, bottom) in outline.rings:
        low, high = view.place((left, top)), view.place((right, bottom))
        if low[0] > FRAME[2] or low[1] > FRAME[3] or high[0] < FRAME[0] or high[1] < FRAME[1]:
            continue
        if max(high[0] - low[0], high[1] - low[1]) < SMALLEST:
            continue
        placed = _thin([view.place(position) for position in ring])
        inside = low[0] > FRAME[0] and low[1] > FRAME[1] and high[0] < FRAME[2] and high[1] < FRAME[3]
        if len(kept := placed if inside else clip(placed, FRAME)) > 2:
            cut.append(kept)
    return cut


def clip(ring: Sequence[Position], box: Box) -> list[Position]:
    """The part of a ring inside a box, edge by edge (Sutherland and Hodgman, CACM 17, 1974)."""
    left, top, right, bottom = box
    kept = list(ring)
    for axis, edge, sign in ((0, left, 1), (1, top, 1), (0, right, -1), (1, bottom, -1)):
        kept = _clip_edge(kept, axis, edge, sign)
    return kept


def _clip_edge(ring: list[Position], axis: int, edge: float, sign: int) -> list[Position]:
    def is_in(value: float) -> bool:
        return (value - edge) * sign >= 0

    kept = []
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        if is_in(before[axis]) is not is_in(here[axis]):
            share = (edge - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + (here[0] - before[0]) * share, before[1] + (here[1] - before[1]) * share))
        if is_in(here[axis]):
            kept.append(here)
    return kept


def _thin(ring: Sequence[Position]) -> list[Position]:
    kept = [ring[0]]
    for here in ring[1:]:
        if abs(here[0] - kept[-1][0]) >= DETAIL or abs(here[1] - kept[-1][1]) >= DETAIL:
            kept.append(here)
    return kept


def _write(ring: Sequence[Position]) -> str:
    """A closed path in steps of a tenth of a unit, each from the last point: half as long as with whole positions."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    steps = "".join(f"{_tenth(x - a)}{_tenth(y - b, ',')}" for (a, b), (x, y) in pairwise(tenths))
    return f"M{tenths[0][0] / 10:g},{tenths[0][1] / 10:g}l{steps}Z"


def _tenth(number: int, before: str = " ") -> str:
    sign = "-" if number < 0 else before
    return f"{sign}{abs(number) / 10:g}"


def _describe(outline: Outline, rings: Sequence[Sequence[Position]]) -> Area:
    largest = max(rings, key=_measure)
    left, top, right, bottom = box = find_box(clip(largest, (0, 0, WIDTH, HEIGHT)) or largest)
    stands = [(left + (right - left) * x, top + (bottom - top) * y) for x, y in STANDS]
    within = stands[:1] if outline.postal in TERRITORIES else [each for each in stands if is_in_ring(each, largest)]
    return Area(outline.name, outline.postal, box, tuple(within))


def _measure(ring: Sequence[Position]) -> float:
    left, top, right, bottom = find_box(ring)
    return (right - left) * (bottom - top)


def is_in_ring(spot: Position, ring: Sequence[Position]) -> bool:
    """Whether a ray to the right crosses the ring an odd number of times."""
    x, y = spot
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) is not (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
