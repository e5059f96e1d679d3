"""Which piece of the drawing a map shows, and at what size."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Geod

from leadgen.geo.albers import DRAWING_HEIGHT, DRAWING_WIDTH, STATES, Box, Part, Position, find_part
from leadgen.geo.distance import Point
from leadgen.geo.outlines import find_box

WIDTH, HEIGHT = 400.0, 320.0
# the shown circle ends so far from the picture's edge, in its units
EDGE = 24.0
# closer in, the simplified coasts look like nothing that anybody knows
SMALLEST_MILES = 15.0
BEARINGS = range(0, 360, 4)
METRES = 1609.344
KEPT = 1_000

_ELLIPSOID = Geod(ellps="WGS84")


@dataclass(frozen=True)
class View:
    """The middle of what is shown, in units of the drawing, and how many of the picture's units one of them is.

    Without a ``part`` it is the whole country, each part in its place."""

    part: Part | None
    middle: Position
    scale: float

    def place(self, position: Position) -> Position:
        """Where a position of the drawing lies in the picture."""
        x, y = position
        return (x - self.middle[0]) * self.scale + WIDTH / 2, (y - self.middle[1]) * self.scale + HEIGHT / 2

    def find(self, point: Point) -> Position | None:
        """Where a point of the Earth lies in the picture; None for one on another drawing."""
        own = find_part(point)
        if self.part is None:
            return self.place(own.place(*point)) if own in STATES else None
        x, y = self.place(self.part.place(*point))
        # a point beyond the part's frame is on no other part, and may well be in the picture
        other = own in STATES and self.part in STATES
        is_ours = own == self.part or (not other and 0 <= x <= WIDTH and 0 <= y <= HEIGHT)
        return (x, y) if is_ours else None

    def find_ring(self, point: Point, miles: float) -> list[Position]:
        """The points of the picture that are so many miles away from one."""
        part = self.part or find_part(point)
        return [self.place(part.place(*each)) for each in ring(point, miles)]

    @property
    def units_per_mile(self) -> float:
        return (self.part or STATES[0]).units_per_mile * self.scale


WHOLE_COUNTRY = View(None, (DRAWING_WIDTH / 2, DRAWING_HEIGHT / 2), WIDTH / DRAWING_WIDTH)


@lru_cache(maxsize=KEPT)
def ring(centre: Point, miles: float) -> tuple[Point, ...]:
    """Points around one at an equal distance on the ellipsoid, on which the matcher's miles are measured too."""
    latitude, longitude = centre
    count = len(BEARINGS)
    east, north, _ = _ELLIPSOID.fwd([longitude] * count, [latitude] * count, list(BEARINGS), [miles * METRES] * count)
    return tuple(zip(north, east, strict=True))


def choose_view(points: Sequence[Point], circles: Sequence[tuple[Point, float]]) -> View:
    """The view that shows every circle and point. ``points`` is not empty; the first is on it in any case."""
    part = find_part(points[0])
    if part in STATES and any(find_part(each) in STATES and find_part(each) != part for each in points):
        return WHOLE_COUNTRY
    reached = [each for centre, miles in circles for each in ring(centre, miles)]
    placed = [part.place(*each) for each in reached or ring(points[0], SMALLEST_MILES)]
    return _fit(part, find_box(placed + [spot for each in points if part.holds(spot := part.place(*each))]))


def _fit(part: Part, box: Box) -> View:
    left, top, right, bottom = box
    least = 2 * SMALLEST_MILES * part.units_per_mile
    scale = min((WIDTH - 2 * EDGE) / max(right - left, least), (HEIGHT - 2 * EDGE) / max(bottom - top, least))
    view = View(part, ((left + right) / 2, (top + bottom) / 2), scale)
    return view if scale > WHOLE_COUNTRY.scale or part not in STATES else WHOLE_COUNTRY
