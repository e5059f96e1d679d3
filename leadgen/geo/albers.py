"""Puts a point onto the drawing of the states: Albers' equal-area conic, Alaska and Hawaii inset.

The same composite as d3-geo's ``geoAlbersUsa`` at scale 1300 with its middle at (487.5, 305); a territory is drawn by
itself, equidistant around a point in it. Formulas: Snyder, Map Projections, USGS Professional Paper 1395, 1987,
pp. 100 and 195.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import acos, atan2, cos, pi, radians, sin, sqrt

from leadgen.geo.distance import EARTH_RADIUS_MILES, Point

SCALE = 1300.0
MIDDLE_X, MIDDLE_Y = 487.5, 305.0
DRAWING_WIDTH, DRAWING_HEIGHT = 975.0, 610.0
# a territory's own drawing ends here: Guam and the Northern Marianas share one
LOCAL_UNITS = 500 / EARTH_RADIUS_MILES * SCALE

Position = tuple[float, float]
Projection = Callable[[float, float], Position]
# left, top, right, bottom
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Part:
    """A piece of the drawing with a projection of its own: units of the drawing for a latitude and a longitude.

    ``scale`` is how many units a radian of the Earth takes; the ``frame`` is where it ends."""

    name: str
    place: Projection
    scale: float
    frame: Box

    def holds(self, position: Position) -> bool:
        left, top, right, bottom = self.frame
        return left <= position[0] <= right and top <= position[1] <= bottom

    @property
    def units_per_mile(self) -> float:
        return self.scale / EARTH_RADIUS_MILES


def find_part(point: Point) -> Part:
    """The part of the drawing that a point is on; one around it, outside the fifty states and DC."""
    return next((part for part in STATES if part.holds(part.place(*point))), None) or around(point)


@lru_cache(maxsize=256)
def around(centre: Point) -> Part:
    """Azimuthal equidistant: true distances and directions from the centre."""
    latitude, longitude = map(radians, centre)

    def place(north: float, east: float) -> Position:
        north, angle = radians(north), (radians(east) - longitude + pi) % (2 * pi) - pi
        across = cos(north) * sin(angle)
        up = cos(latitude) * sin(north) - sin(latitude) * cos(north) * cos(angle)
        facing = sin(latitude) * sin(north) + cos(latitude) * cos(north) * cos(angle)
        far, way = acos(min(1.0, max(-1.0, facing))) * SCALE, atan2(across, up)
        return far * sin(way), -far * cos(way)

    return Part("local", place, SCALE, (-LOCAL_UNITS, -LOCAL_UNITS, LOCAL_UNITS, LOCAL_UNITS))


def _conic(rotate: float, centre: Position, parallels: Position, scale: float, shift: Position) -> Projection:
    first, second = map(radians, parallels)
    n = (sin(first) + sin(second)) / 2
    c = 1 + sin(first) * (2 * n - sin(first))

    def raw(angle: float, latitude: float) -> Position:
        rho = sqrt(max(0.0, c - 2 * n * sin(latitude))) / n
        return rho * sin(angle * n), sqrt(c) / n - rho * cos(angle * n)

    middle_x, middle_y = raw(radians(centre[0]), radians(centre[1]))
    left, top = MIDDLE_X + shift[0] * SCALE, MIDDLE_Y + shift[1] * SCALE

    def place(latitude: float, longitude: float) -> Position:
        angle = (radians(longitude + rotate) + pi) % (2 * pi) - pi
        x, y = raw(angle, radians(latitude))
        return (x - middle_x) * scale + left, (middle_y - y) * scale + top

    return place


def _frame(left: float, top: float, right: float, bottom: float) -> Box:
    return MIDDLE_X + left * SCALE, MIDDLE_Y + top * SCALE, MIDDLE_X + right * SCALE, MIDDLE_Y + bottom * SCALE


_MAINLAND = _conic(96, (-0.6, 38.7), (29.5, 45.5), SCALE, (0, 0))
_ALASKA = _conic(154, (-2, 58.5), (55, 65), SCALE * 0.35, (-0.307, 0.201))
_HAWAII = _conic(157, (-3, 19.9), (8, 18), SCALE, (-0.205, 0.212))
STATES = (
    Part("mainland", _MAINLAND, SCALE, _frame(-0.455, -0.238, 0.455, 0.238)),
    Part("Alaska", _ALASKA, SCALE * 0.35, _frame(-0.425, 0.120, -0.214, 0.234)),
    Part("Hawaii", _HAWAII, SCALE, _frame(-0.214, 0.166, -0.115, 0.234)),
)
