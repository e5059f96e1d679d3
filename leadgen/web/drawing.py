"""A map of `leadgen.geo.map`, safe to put into a page as it is."""

from dataclasses import replace

from markupsafe import Markup

from leadgen.geo.albers import STATES
from leadgen.geo.map import Scene, draw_map
from leadgen.geo.outlines import list_outlines
from leadgen.web.translate import translate

# read with the app, so that the first person to see a map does not wait for it
for _part in STATES:
    list_outlines(_part)


def draw(scene: Scene) -> Markup | None:
    """The picture; None where there is nothing to show on it."""
    drawn = draw_map(replace(scene, translate=translate))
    return Markup(drawn) if drawn else None  # noqa: S704 - every word in it is escaped where it is drawn
