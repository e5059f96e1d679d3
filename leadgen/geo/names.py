"""Names on a map, each where there is room for it, or nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from leadgen.geo.albers import Box, Position
from leadgen.geo.land import Area
from leadgen.geo.view import HEIGHT, WIDTH

LETTER = 5.9
HIGH = 12.0
SPACED = 7.4
APART = 2.0


@dataclass
class Room:
    """What of the picture is taken."""

    taken: list[Box] = field(default_factory=list)

    def take(self, box: Box) -> bool:
        """Take a box, if it is inside the picture and nobody has any of it."""
        left, top, right, bottom = box[0] - APART, box[1], box[2] + APART, box[3]
        free = left >= 2 and top >= 2 and right <= WIDTH - 2 and bottom <= HEIGHT - 2
        if free and not any(left < r and l < right and top < b and t < bottom for l, t, r, b in self.taken):  # noqa: E741
            self.taken.append(box)
            return True
        return False


def write_state(area: Area, room: Room) -> str:
    """The name of a state on its land; its abbreviation where that alone has room; nothing else."""
    for words in (area.name, area.postal):
        half = len(words) * SPACED / 2
        if half * 2 > area.box[2] - area.box[0] or area.box[3] - area.box[1] < HIGH:
            continue
        for x, y in area.stands:
            if room.take((x - half, y - HIGH / 2, x + half, y + HIGH / 2)):
                return f'<text class="state" x="{x:.1f}" y="{y + 4:.1f}">{escape(words.upper())}</text>'
    return ""


def write_town(words: str, around: Box, room: Room) -> str:
    """The name of a town beside what marks it: right, left, below or above."""
    left, top, right, bottom = around
    x, y, long = (left + right) / 2, (top + bottom) / 2, len(words) * LETTER
    for start, middle in ((right + 3, y), (left - 3 - long, y), (x - long / 2, bottom + 8), (x - long / 2, top - 8)):
        if words and room.take((start, middle - HIGH / 2, start + long, middle + HIGH / 2)):
            return f'<text class="town" x="{start + long / 2:.1f}" y="{middle + 4:.1f}">{escape(words)}</text>'
    return ""


def draw_line(start: Position, end: Position) -> str:
    return f'<path class="leader" d="M{start[0]:.1f},{start[1]:.1f}L{end[0]:.1f},{end[1]:.1f}"/>'


def list_boxes(spots: Sequence[Position], half: float) -> list[Box]:
    return [(x - half, y - half, x + half, y + half) for x, y in spots]
