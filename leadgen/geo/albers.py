"""Puts a point onto the drawing of the states: Albers' equal-area conic, Alaska and Hawaii inset.

The same composite as d3-geo's ``geoAlbersUsa`` at scale 1300 with its middle at (487.5, 305), which is how
``us_states.svg`` was drawn. Formulas: Snyder, Map Projections, USGS Professional Paper 1395, 1987, p. 100.
"""

from collections.abc import Callable
from math import asin, atan2, cos, degrees, pi, radians, sin, sqrt

SCALE = 1300.0
MIDDLE_X, MIDDLE_Y = 487.5, 305.0
DRAWING_WIDTH, DRAWING_HEIGHT = 975.0, 610.0

Position = tuple[float, float]
Projection = Callable[[float, float, float], Position]
# the frame of each part, in units of SCALE from the middle: left, top, right, bottom
Frame = tuple[float, float, float, float]


def project(latitude: float, longitude: float) -> Position | None:
    """Where a point in degrees lies on the 975 by 610 drawing; None outside the fifty states and DC's frames."""
    for conic, scale, (left, top, right, bottom), (shift_x, shift_y) in _PARTS:
        x, y = conic(longitude, latitude, scale)
        x, y = x + MIDDLE_X + shift_x * SCALE, y + MIDDLE_Y + shift_y * SCALE
        inside_x = MIDDLE_X + left * SCALE <= x <= MIDDLE_X + right * SCALE
        if inside_x and MIDDLE_Y + top * SCALE <= y <= MIDDLE_Y + bottom * SCALE:
            return x, y
    return None


def step(point: Position, miles: float, bearing: float) -> Position:
    """The point so many miles away in a direction (degrees from north), on a sphere of 3,959 miles."""
    latitude, longitude = map(radians, point)
    angle, way = miles / 3959.0, radians(bearing)
    north = asin(sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(way))
    across = sin(way) * sin(angle) * cos(latitude)
    along = cos(angle) - sin(latitude) * sin(north)
    east = longitude + atan2(across, along)
    return degrees(north), (degrees(east) + 540) % 360 - 180


def _conic(rotate: float, centre: Position, parallels: tuple[float, float]) -> Projection:
    first, second = map(radians, parallels)
    n = (sin(first) + sin(second)) / 2
    c = 1 + sin(first) * (2 * n - sin(first))

    def raw(angle: float, latitude: float) -> Position:
        rho = sqrt(c - 2 * n * sin(latitude)) / n
        return rho * sin(angle * n), sqrt(c) / n - rho * cos(angle * n)

    middle_x, middle_y = raw(radians(centre[0]), radians(centre[1]))

    def place(longitude: float, latitude: float, scale: float) -> Position:
        angle = (radians(longitude + rotate) + pi) % (2 * pi) - pi
        x, y = raw(angle, radians(latitude))
        return (x - middle_x) * scale, (middle_y - y) * scale

    return place


_PARTS: tuple[tuple[Projection, float, Frame, Position], ...] = (
    (_conic(96, (-0.6, 38.7), (29.5, 45.5)), SCALE, (-0.455, -0.238, 0.455, 0.238), (0, 0)),
    (_conic(154, (-2, 58.5), (55, 65)), SCALE * 0.35, (-0.425, 0.120, -0.214, 0.234), (-0.307, 0.201)),
    (_conic(157, (-3, 19.9), (8, 18)), SCALE, (-0.214, 0.166, -0.115, 0.234), (-0.205, 0.212)),
)
