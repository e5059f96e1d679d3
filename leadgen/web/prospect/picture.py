"""The map beside the list: her ZIP code, her radius, and the campuses by their numbers."""

from markupsafe import Markup

from leadgen.geo.map import Home, Scene
from leadgen.geo.pins import Pin
from leadgen.intake.answers import Shown
from leadgen.web.drawing import draw
from leadgen.web.prospect.cards import Layout, pick_main
from leadgen.web.prospect.wishes import say_place
from leadgen.web.translate import gettext


def draw_shown(shown: Shown, layout: Layout) -> Markup | None:
    """The map of the list as shown; None without a campus."""
    schools = {school.school_id: pick_main(school) for school in shown.schools}
    pins = [
        Pin(card.number, f"{card.name}, {card.where}", (main.latitude, main.longitude), main.city, main.state)
        for card in layout.near
        if (main := schools[card.school_id])
    ]
    if not pins:
        return None
    radius, place = shown.criteria["within_miles"], shown.place
    point = (place["latitude"], place["longitude"])
    return draw(
        Scene(
            title=gettext("Map: schools within %(miles)s miles of %(place)s", miles=radius, place=say_place(shown))
            if radius
            else gettext("Map: schools at any distance from %(place)s", place=say_place(shown)),
            pins=pins,
            home=Home(point, place["city"].title() if place["city"].isupper() else place["city"]),
            circles=[(point, radius)] if radius else (),
            online=[f"{card.number}. {card.name}" for card in layout.online],
        )
    )
