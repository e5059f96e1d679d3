"""The map beside the list: her ZIP code, her radius, and the campuses by their numbers."""

from markupsafe import Markup

from leadgen.geo.map import Pin, draw_map
from leadgen.intake.answers import Shown
from leadgen.web.prospect.cards import Layout, pick_main
from leadgen.web.translate import gettext


def draw_shown(shown: Shown, layout: Layout) -> Markup | None:
    """The map of the list as shown; None without a campus, or where we have no drawing of the place."""
    schools = {school.school_id: pick_main(school) for school in shown.schools}
    pins = [
        Pin(card.number, f"{card.name}, {card.where}", (main.latitude, main.longitude))
        for card in layout.near
        if (main := schools[card.school_id])
    ]
    if not pins:
        return None
    radius, place = shown.criteria["within_miles"], shown.place
    where = f"{place['zip']} ({place['city']}, {place['state']})"
    title = gettext("Map: schools at any distance from %(where)s", where=where)
    if radius:
        title = gettext("Map: schools within %(radius)s miles of %(where)s", radius=radius, where=where)
    drawn = draw_map((place["latitude"], place["longitude"]), radius, pins, title)
    return Markup(drawn) if drawn else None  # noqa: S704 - every word in it is escaped where it is drawn
