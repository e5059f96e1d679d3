"""A map as a file that stands alone: its own colours, light, dark and printed, and the list under the picture."""

from html import escape
from textwrap import wrap

from leadgen.geo.map import Scene, describe, draw_inside
from leadgen.geo.view import HEIGHT, WIDTH

WIDE = 640
MARGIN = 20
LINE = 20
TOP = 52
LETTERS = 84

# the tokens of the product's own stylesheet, which a file cannot refer to
STYLE = """
svg{--ink:#1c2726;--muted:#53615e;--surface:#fff;--ground:#efece4;--land:#fffefb;--border:#aaa698;--primary:#0b5351;
--on:#fff;--accent:#b5472b;background:var(--surface)}
@media screen and (prefers-color-scheme:dark){svg{--ink:#eaf1ee;--muted:#a9b8b3;--surface:#182524;--ground:#101a19;
--land:#1e2c2a;--border:#4b5a56;--primary:#7fd4c8;--on:#0b1a19;--accent:#f0a08a}}
text{font:500 11px ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink);
text-anchor:middle;font-variant-numeric:tabular-nums}
.paper{fill:var(--surface)}.ground{fill:var(--ground)}
.land{fill:var(--land);stroke:var(--border);stroke-width:.9;stroke-linejoin:round}
.reach{fill:var(--primary);fill-opacity:.07;stroke:var(--primary);stroke-width:1.4;stroke-dasharray:5 4}
.you{fill:var(--accent);stroke:var(--surface);stroke-width:2}
.spot{fill:var(--primary)}.leader,.bar{fill:none;stroke:var(--primary);stroke-width:1.1}.bar{stroke:var(--ink)}
.pin{fill:var(--primary);stroke:var(--surface);stroke-width:1.2}
.number{font-weight:600;font-size:12px;fill:var(--on)}
.town,.miles{paint-order:stroke;stroke:var(--surface);stroke-width:3px;stroke-linejoin:round}.miles{text-anchor:end}
.state{font-weight:600;font-size:9.5px;letter-spacing:.8px;fill:var(--muted)}
.off{fill:var(--surface);stroke:var(--border)}.elsewhere,.line,.heading{text-anchor:start}
.line{font-size:14px;font-weight:400}.heading{font-size:18px;font-weight:600}
"""


def draw_file(scene: Scene) -> str:
    """A whole SVG document: the title, the picture, and every school in words."""
    tall_map = (WIDE - 2 * MARGIN) * HEIGHT / WIDTH
    lines = list_lines(scene)
    tall = TOP + tall_map + 16 + LINE * len(lines) + MARGIN
    first = TOP + tall_map + 16 + LINE / 2
    written = [
        f'<text class="line" x="{MARGIN}" y="{first + LINE * at:g}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    ]
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall:g}" width="{WIDE}" height="{tall:g}" ',
            f'role="img" aria-labelledby="map-title map-text"><title id="map-title">{escape(scene.title)}</title>',
            f'<desc id="map-text">{escape(describe(scene))}</desc><style>{STYLE}</style>',
            f'<rect class="paper" width="{WIDE}" height="{tall:g}"/>',
            f'<text class="heading" x="{MARGIN}" y="34">{escape(scene.title)}</text>',
            f'<svg x="{MARGIN}" y="{TOP}" width="{WIDE - 2 * MARGIN}" height="{tall_map:g}" viewBox="0 0 {WIDTH:g} ',
            f'{HEIGHT:g}"><rect class="ground" width="{WIDTH:g}" height="{HEIGHT:g}"/>{draw_inside(scene) or ""}</svg>',
            *written,
            "</svg>\n",
        ]
    )


def list_lines(scene: Scene) -> list[str]:
    """The schools in words, broken to the width of the file."""
    near = [f"{pin.number}. {pin.label}" for pin in scene.pins] or ["No campus within reach."]
    online = ["Online:", *scene.online] if scene.online else []
    return [line for entry in near + online for line in wrap(entry, LETTERS, subsequent_indent="     ")]
