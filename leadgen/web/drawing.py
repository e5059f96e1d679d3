"""A map of `leadgen.geo.map`, safe to put into a page as it is."""

from markupsafe import Markup

from leadgen.geo.map import Scene, draw_map


def draw(scene: Scene) -> Markup | None:
    """The picture; None where there is nothing to show on it."""
    drawn = draw_map(scene)
    return Markup(drawn) if drawn else None  # noqa: S704 - every word in it is escaped where it is drawn
