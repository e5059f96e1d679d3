"""A map without tiles or JavaScript: state outlines, a place, a radius, and numbered schools, as SVG.

Colours and fonts are the stylesheet's; the picture carries classes alone, so the strict CSP holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from leadgen.geo.albers import Position
from leadgen.geo.distance import Point
from leadgen.geo.land import draw_land
from leadgen.geo.names import Room, draw_line, list_boxes, write_state, write_town
from leadgen.geo.outlines import name_areas
from leadgen.geo.pins import TALL, Badge, Pin, set_badges, write_numbers
from leadgen.geo.view import HEIGHT, WIDTH, View, choose_view
from leadgen.marks import say

DOT = 5.0
SPOT = 2.4
# a badge that was moved farther than this from its campus gets a line to it
MOVED = 4.0
BARS = (500, 250, 200, 100, 50, 25, 20, 10, 5, 2, 1)
LONGEST_BAR = 90.0
EDGE = 12.0


@dataclass(frozen=True)
class Home:
    """Where the prospect is, and what that place is called."""

    point: Point
    name: str = ""


@dataclass(frozen=True)
class Scene:
    """What a map shows. ``circles`` are places with the miles around them; ``online`` says what has no place on it;
    ``name`` begins the ids, and differs between two maps of one page; ``translate`` puts the map's own words into the
    reader's language."""

    title: str
    pins: Sequence[Pin] = ()
    home: Home | None = None
    circles: Sequence[tuple[Point, float]] = ()
    online: Sequence[str] = ()
    name: str = "map"
    translate: Callable[[str], str] = str


def draw_map(scene: Scene) -> str | None:
    """The picture as an ``<svg>`` element, zoomed to the circles and the pins. None where it would show no place."""
    return _wrap(scene, inside) if (inside := draw_inside(scene)) else None


def draw_inside(scene: Scene) -> str | None:
    """What is inside the picture, in units of a view box of ``WIDTH`` by ``HEIGHT``."""
    points = [scene.home.point] if scene.home else []
    points += [pin.point for pin in scene.pins]
    if not points:
        return None
    view = choose_view(points, scene.circles)
    land = draw_land(view)
    home = view.find(scene.home.point) if scene.home else None
    placed = [(pin, spot) for pin in scene.pins if (spot := view.find(pin.point))]
    off = [pin for pin in scene.pins if not view.find(pin.point)]
    room = Room(list_boxes([home] if home else [], DOT + 1))
    over = [_draw_bar(scene, view, room), _say_off(scene, off, room)]
    badges = set_badges(placed, room.taken)
    room.taken += [badge.box for badge in badges] + list_boxes([spot for _, spot in placed], SPOT)
    over += [write_town(scene.home.name, list_boxes([home], DOT)[0], room) if scene.home and home else ""]
    over += [write_town(words, badge.box, room) for badge in badges if (words := _name_town(badge, scene))]
    names = [write_state(area, room) for area in land.areas]
    reach = "".join(_draw_reach(view, *circle) for circle in scene.circles)
    marks = _draw_home(home) if home else ""
    return "".join([land.svg, reach, *names, *map(_draw_lines, badges), marks, *over, *map(_draw_badge, badges)])


def describe(scene: Scene) -> str:
    """All that the picture shows, in words."""
    schools = [f"{pin.number}. {pin.label}" for pin in scene.pins]
    online = scene.translate(say("Online, not on the map: %(schools)s", schools="; ".join(scene.online)))
    parts = ["; ".join(schools) or scene.translate(say("No campus")), *([online] if scene.online else [])]
    return ". ".join(parts)


def _wrap(scene: Scene, inside: str) -> str:
    title, text = f"{scene.name}-title", f"{scene.name}-text"
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-labelledby="{title} {text}">'
        f'<title id="{title}">{escape(scene.title)}</title><desc id="{text}">{escape(describe(scene))}</desc>'
        f"{inside}</svg>"
    )


def _name_town(badge: Badge, scene: Scene) -> str:
    """The town of a badge that stands for one; her own is named at her dot."""
    towns = {pin.town for pin in badge.pins}
    town = towns.pop() if len(towns) == 1 else ""
    return "" if scene.home and town == scene.home.name else town


def _draw_home(spot: Position) -> str:
    x, y = spot
    return f'<circle class="you" cx="{x:.1f}" cy="{y:.1f}" r="{DOT:g}"/>'


def _draw_reach(view: View, point: Point, miles: float) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in view.find_ring(point, miles))
    return f'<polygon class="reach" points="{points}"/>'


def _draw_lines(badge: Badge) -> str:
    """The campuses where they really are, each with a line from its number where that is elsewhere."""
    drawn = []
    for x, y in badge.spots:
        if abs(x - badge.x) > MOVED or abs(y - badge.y) > MOVED:
            drawn.append(draw_line((badge.x, badge.y), (x, y)))
        drawn.append(f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="{SPOT:g}"/>')
    return "".join(drawn)


def _draw_badge(badge: Badge) -> str:
    left, top, _, _ = badge.box
    names = "; ".join(f"{pin.number}. {pin.label}" for pin in badge.pins)
    return (
        f"<g><title>{escape(names)}</title>"
        f'<rect class="pin" x="{left:.1f}" y="{top:.1f}" width="{badge.wide:.1f}" height="{TALL:g}" rx="{TALL / 2:g}"/>'
        f'<text class="number" x="{badge.x:.1f}" y="{badge.y + 4.2:.1f}">{badge.text}</text></g>'
    )


def _draw_bar(scene: Scene, view: View, room: Room) -> str:
    """A scale bar at the lower right; of the mainland, where the whole country is shown."""
    miles = next((each for each in BARS if each * view.units_per_mile <= LONGEST_BAR), BARS[-1])
    long, right, y = miles * view.units_per_mile, WIDTH - EDGE, HEIGHT - EDGE
    words = scene.translate(say("%(miles)s miles", miles=miles) if miles > 1 else say("1 mile"))
    room.taken.append((right - max(long, len(words) * 7), y - 18, WIDTH, HEIGHT))
    return (
        f'<path class="bar" d="M{right - long:.1f},{y - 4:g}v4H{right:g}v-4"/>'
        f'<text class="miles" x="{right:g}" y="{y - 6:g}">{escape(words)}</text>'
    )


def _say_off(scene: Scene, off: Sequence[Pin], room: Room) -> str:
    """The campuses of the territories, or of another drawing than this one, by the name of the place."""
    lines = []
    for at, state in enumerate(sorted({pin.state for pin in off})):
        numbers = write_numbers(pin.number for pin in off if pin.state == state)
        area, y = name_areas().get(state) or scene.translate(say("Elsewhere")), EDGE + at * 22
        words = f"{area}: {numbers}"
        wide = len(words) * 6.2 + 12
        room.taken.append((EDGE, y, EDGE + wide, y + 18))
        lines.append(
            f'<rect class="off" x="{EDGE:g}" y="{y:g}" width="{wide:.1f}" height="18" rx="4"/>'
            f'<text class="elsewhere" x="{EDGE + 6:g}" y="{y + 13:g}">{escape(words)}</text>'
        )
    return "".join(lines)
