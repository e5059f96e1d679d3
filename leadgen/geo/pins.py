"""The numbers on a map: those that would cover each other are put together or pushed apart, so that all can be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import hypot

from leadgen.geo.albers import Box, Position
from leadgen.geo.distance import Point
from leadgen.geo.view import HEIGHT, WIDTH

TALL = 20.0
DIGIT = 7.0
PADDING = 9.0
# campuses nearer than this in the picture share a badge
NEAR = 9.0
MOST_BADGES = 24
MOST_LETTERS = 12
ROUNDS = 60
GAP = 1.5


@dataclass(frozen=True)
class Pin:
    """A campus on the map: the number of its school on the list, what it is called there, its town and state."""

    number: int
    label: str
    point: Point
    town: str = ""
    state: str = ""


@dataclass
class Badge:
    """One or several pins under one number sign: where they lie, and where the middle of the sign is put."""

    pins: list[Pin] = field(default_factory=list)
    spots: list[Position] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0

    @property
    def anchor(self) -> Position:
        return self.spots[0]

    @property
    def text(self) -> str:
        return write_numbers(pin.number for pin in self.pins)

    @property
    def wide(self) -> float:
        return max(TALL, len(self.text) * DIGIT + PADDING)

    @property
    def box(self) -> Box:
        return self.x - self.wide / 2, self.y - TALL / 2, self.x + self.wide / 2, self.y + TALL / 2


def write_numbers(numbers: Iterable[int], longest: int = MOST_LETTERS) -> str:
    """``2, 5, 7`` and ``1–4, 9``; what is longer ends in how many more there are, like ``1, 5, 9 +12``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [", ".join(map(str, run)) if len(run) < 3 else f"{run[0]}–{run[-1]}" for run in runs]
    for shown in range(len(words), 0, -1):
        rest = sum(map(len, runs[shown:]))
        text = ", ".join(words[:shown]) + (f" +{rest}" if rest else "")
        if len(text) <= longest:
            break
    return text


def set_badges(pins: Sequence[tuple[Pin, Position]], fixed: Sequence[Box]) -> list[Badge]:
    """Badges that cover neither each other nor the fixed boxes, and are inside the picture."""
    near, badges = NEAR, _gather(pins, NEAR)
    while len(badges) > MOST_BADGES:
        near *= 1.3
        badges = _gather(pins, near)
    sizes = [(badge.wide / 2, TALL / 2) for badge in badges]
    for _ in range(ROUNDS):
        if not _push(badges, sizes, fixed):
            break
    return badges


def _gather(pins: Sequence[tuple[Pin, Position]], near: float) -> list[Badge]:
    badges: list[Badge] = []
    for pin, spot in pins:
        home = next((badge for badge in badges if hypot(*_between(badge.anchor, spot)) < near), None)
        if home is None:
            badges.append(home := Badge(x=spot[0], y=spot[1]))
        home.pins.append(pin)
        home.spots.append(spot)
    return badges


def _push(badges: Sequence[Badge], sizes: Sequence[Position], fixed: Sequence[Box]) -> bool:
    """One round. Says whether anything had to move."""
    moved = False
    for at, badge in enumerate(badges):
        half_x, half_y = sizes[at]
        for other, (other_x, other_y) in zip(badges[:at], sizes, strict=False):
            push = _find_push(badge.x - other.x, badge.y - other.y, half_x + other_x + GAP, half_y + other_y + GAP)
            if push:
                moved = True
                badge.x, badge.y = badge.x + push[0] / 2, badge.y + push[1] / 2
                other.x, other.y = other.x - push[0] / 2, other.y - push[1] / 2
        for left, top, right, bottom in fixed:
            middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
            push = _find_push(
                badge.x - middle_x, badge.y - middle_y, half_x + right - middle_x, half_y + bottom - middle_y
            )
            if push:
                moved = True
                badge.x, badge.y = badge.x + push[0], badge.y + push[1]
        badge.x = min(max(badge.x, half_x + GAP), WIDTH - half_x - GAP)
        badge.y = min(max(badge.y, half_y + GAP), HEIGHT - half_y - GAP)
    return moved


def _find_push(apart_x: float, apart_y: float, least_x: float, least_y: float) -> Position | None:
    """The shorter way out of an overlap, sideways or up and down; None where there is none."""
    over_x, over_y = least_x - abs(apart_x), least_y - abs(apart_y)
    if over_x <= 0.01 or over_y <= 0.01:
        return None
    if over_x < over_y:
        return (over_x if apart_x >= 0 else -over_x), 0.0
    return 0.0, (over_y if apart_y >= 0 else -over_y)


def _between(one: Position, other: Position) -> Position:
    return one[0] - other[0], one[1] - other[1]
