"""A map without tiles or JavaScript: state outlines, a place, a radius, and numbered schools, as SVG.

Colours and fonts are the stylesheet's; the picture carries classes alone, so the strict CSP holds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import cos, hypot, pi, sin
from pathlib import Path

from leadgen.geo.albers import DRAWING_HEIGHT, DRAWING_WIDTH, Position, project, step
from leadgen.geo.distance import Point

WIDTH, HEIGHT = 400.0, 320.0
PIN = 11.0
DOT = 5.0
MARGIN = 1.25
# closer in, the simplified outlines look like nothing that anybody knows
SMALLEST_MILES = 40.0
ROUNDS = 60
# many ask from the same ZIP code, and most maps need the same ring twice
KEPT_RINGS = 1_000

_OUTLINES = Path(__file__).with_name("us_states.svg")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pin:
    """A school on the map: its number on the list, and what it is called there."""

    number: int
    label: str
    point: Point


@dataclass(frozen=True)
class View:
    """Which part of the drawing is shown: its middle there, and how many of our units one of its units is."""

    middle: Position
    scale: float

    def place(self, position: Position) -> Position:
        """Where a position of the drawing lies in the picture."""
        x, y = position
        return (x - self.middle[0]) * self.scale + WIDTH / 2, (y - self.middle[1]) * self.scale + HEIGHT / 2

    @property
    def box(self) -> Box:
        half_x, half_y = WIDTH / 2 / self.scale, HEIGHT / 2 / self.scale
        x, y = self.middle
        return x - half_x, y - half_y, x + half_x, y + half_y


WHOLE_COUNTRY = View((DRAWING_WIDTH / 2, DRAWING_HEIGHT / 2), WIDTH / DRAWING_WIDTH)


def draw_map(centre: Point, radius_miles: float | None, pins: Sequence[Pin], title: str) -> str | None:
    """The picture as an ``<svg>`` element, zoomed to the radius and the pins.

    None where the place is on none of the drawing's parts (the territories). Pins that are on none are left out."""
    middle = project(*centre)
    if middle is None:
        return None
    placed = [(pin, position) for pin in pins if (position := project(*pin.point))]
    view = _choose_view(middle, centre, radius_miles, [position for _, position in placed])
    home = view.place(middle)
    spots = spread([view.place(position) for _, position in placed], home)
    parts = [
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-labelledby="map-title map-text">',
        f'<title id="map-title">{escape(title)}</title>',
        f'<desc id="map-text">{escape(_describe(pins))}</desc>',
        _draw_land(view),
        _draw_reach(view, centre, radius_miles),
        f'<circle class="you" cx="{home[0]:.1f}" cy="{home[1]:.1f}" r="{DOT:g}"/>',
        *(_draw_pin(pin, spot) for (pin, _), spot in zip(placed, spots, strict=True)),
        "</svg>",
    ]
    return "".join(parts)


def spread(spots: Sequence[Position], home: Position) -> list[Position]:
    """Push apart what would cover each other or the prospect's own dot, so that every number can be read."""
    moved = [(x + 0.01 * index, y) for index, (x, y) in enumerate(spots)]
    for _ in range(ROUNDS):
        before = list(moved)
        for first in range(len(moved)):
            moved[first] = _move_off(moved[first], home)
            for second in range(first):
                moved[first], moved[second] = _part(moved[first], moved[second])
        if moved == before:
            break
    return [(min(max(x, PIN), WIDTH - PIN), min(max(y, PIN), HEIGHT - PIN)) for x, y in moved]


def _move_off(pin: Position, home: Position) -> Position:
    push, (turn_x, turn_y) = _find_push(pin, home, PIN + DOT)
    return pin[0] + turn_x * push, pin[1] + turn_y * push


def _part(one: Position, other: Position) -> tuple[Position, Position]:
    push, (turn_x, turn_y) = _find_push(one, other, 2 * PIN)
    half = push / 2
    return (one[0] + turn_x * half, one[1] + turn_y * half), (other[0] - turn_x * half, other[1] - turn_y * half)


def _find_push(one: Position, other: Position, least: float) -> tuple[float, Position]:
    """How far, and in which direction, ``one`` is to be moved from ``other``."""
    apart_x, apart_y = one[0] - other[0], one[1] - other[1]
    apart = hypot(apart_x, apart_y)
    direction = (apart_x / apart, apart_y / apart) if apart else (cos(pi / 4), sin(pi / 4))
    return max(0.0, least - apart), direction


def _choose_view(middle: Position, centre: Point, radius: float | None, positions: Sequence[Position]) -> View:
    reach = _ring(centre, max(radius or 0, SMALLEST_MILES))
    points = [*reach, *positions]
    half_x = max(abs(x - middle[0]) for x, _ in points) * MARGIN
    half_y = max(abs(y - middle[1]) for _, y in points) * MARGIN
    scale = min(WIDTH / 2 / half_x, HEIGHT / 2 / half_y)
    return View(middle, scale) if scale > WHOLE_COUNTRY.scale else WHOLE_COUNTRY


@lru_cache(maxsize=KEPT_RINGS)
def _ring(centre: Point, miles: float) -> tuple[Position, ...]:
    ring = (project(*step(centre, miles, bearing)) for bearing in range(0, 360, 6))
    return tuple(position for position in ring if position)


def _draw_reach(view: View, centre: Point, radius: float | None) -> str:
    if radius is None:
        return ""
    points = " ".join("{:.1f},{:.1f}".format(*view.place(position)) for position in _ring(centre, radius))
    return f'<polygon class="reach" points="{points}"/>'


def _draw_land(view: View) -> str:
    shown = (path for path, box in _read_outlines() if _overlap(box, view.box))
    shift_x, shift_y = view.place((0, 0))
    paths = "".join(f'<path class="land" d="{path}"/>' for path in shown)
    return f'<g transform="matrix({view.scale:.4f} 0 0 {view.scale:.4f} {shift_x:.1f} {shift_y:.1f})">{paths}</g>'


def _draw_pin(pin: Pin, spot: Position) -> str:
    x, y = spot
    return (
        f"<g><title>{pin.number}. {escape(pin.label)}</title>"
        f'<circle class="pin" cx="{x:.1f}" cy="{y:.1f}" r="{PIN:g}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}">{pin.number}</text></g>'
    )


def _describe(pins: Sequence[Pin]) -> str:
    return "; ".join(f"{pin.number}. {pin.label}" for pin in pins)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


@lru_cache(maxsize=1)
def _read_outlines() -> tuple[tuple[str, Box], ...]:
    paths = re.findall(r' d="([^"]+)"', _OUTLINES.read_text(encoding="utf-8"))
    return tuple((path, _find_box(path)) for path in paths)


def _find_box(path: str) -> Box:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)
