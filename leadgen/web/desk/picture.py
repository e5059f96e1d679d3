"""The maps of the desk: an inquiry with the schools shown, and a school with its campuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from leadgen.geo.map import Home, Scene
from leadgen.geo.pins import Pin
from leadgen.geo.zips import ZipError, find_place
from leadgen.models import Campus, Choice, Format, Inquiry, Offering
from leadgen.web.drawing import draw
from leadgen.web.page import write_miles
from leadgen.web.translate import gettext


@dataclass(frozen=True)
class Drawn:
    """A map, and what it shows as lines of text."""

    svg: Markup
    facts: list[str]


def draw_inquiry(inquiry: Inquiry) -> Drawn | None:
    """Her place, her radius and the campuses shown to her, by their ranks; None where her place is not known."""
    try:
        place = find_place(inquiry.zip)
    except ZipError:
        return None
    radius = inquiry.criteria["within_miles"]
    pins = [pin for choice in inquiry.choices if (pin := _pin_choice(choice))]
    online = [f"{each.rank}. {each.school.name}" for each in inquiry.choices if not _find_campus(each)]
    reach = gettext("%(miles)s miles", miles=radius) if radius else gettext("any distance")
    title = gettext("Map: %(place)s, %(reach)s", place=f"{place.zip} ({place.city}, {place.state})", reach=reach)
    home, circles = Home(place.point, place.city), [(place.point, radius)] if radius else ()
    svg = draw(Scene(title, pins, home, circles, online))
    if not svg:
        return None
    near, far = _list_pins(pins), [gettext("%(school)s, online", school=each) for each in online]
    return Drawn(svg, near + far)


def draw_school(campuses: Sequence[Campus], offerings: Sequence[Offering]) -> Drawn | None:
    """The campuses in use, numbered, each with the miles that all its offerings keep to; None without one."""
    pins, circles = [], []
    for number, campus in enumerate((each for each in campuses if not each.retired_at), 1):
        miles, point = _find_service(campus, offerings), (campus.latitude, campus.longitude)
        name = f"{campus.name}, " if campus.name != campus.city else ""
        label = f"{name}{campus.city}, {campus.state}"
        if miles:
            label = gettext("%(campus)s: takes people within %(miles)s miles", campus=label, miles=miles)
        pins.append(Pin(number, label, point, campus.city, campus.state))
        circles += [(point, float(miles))] if miles else []
    svg = draw(Scene(gettext("Map: the campuses of the school"), pins, circles=circles))
    return Drawn(svg, _list_pins(pins)) if svg else None


def _list_pins(pins: Sequence[Pin]) -> list[str]:
    return [f"{pin.number}. {pin.label}" for pin in pins]


def _pin_choice(choice: Choice) -> Pin | None:
    found = _find_campus(choice)
    if not found:
        return None
    offering, miles = found
    campus = offering.campus
    label = f"{choice.school.name}, {campus.city}, {campus.state}, {write_miles(miles)}"
    if choice.ticked:
        label = gettext("%(school)s, chosen", school=label)
    return Pin(choice.rank, label, (offering.latitude, offering.longitude), campus.city, campus.state)


def _find_campus(choice: Choice) -> tuple[Offering, float | None] | None:
    """The first match of a school at a campus, with its distance."""
    near = (each for each in choice.matches if each.offering.format != Format.online)
    return next(((each.offering, each.distance_miles) for each in near), None)


def _find_service(campus: Campus, offerings: Sequence[Offering]) -> int | None:
    """The widest service area at a campus; None where one offering has no limit, or there is none."""
    mine = [each.service_miles for each in offerings if each.campus_id == campus.id and each.format != Format.online]
    return max((miles for miles in mine if miles), default=None) if None not in mine else None
