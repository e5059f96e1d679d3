"""What no cell alone can tell: a campus's point, a school's time zone, the address for its kind of delivery. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from leadgen.caps import name_campus, read_part_cap
from leadgen.directory.cells import CellError
from leadgen.directory.faults import Fault
from leadgen.directory.places import place_campus
from leadgen.directory.receiving import list_endpoints
from leadgen.directory.records import SchoolRecord, Warned
from leadgen.marks import say
from leadgen.models import Format, SchoolStatus

Cells = Mapping[str, str]
Values = dict[str, Any]


def settle_campus(line: int, cells: Cells, values: Values) -> Iterator[Fault | Warned]:
    """Put the point and ``zone`` into ``values``; yield what is wrong or odd."""
    if bool(cells["latitude"]) != bool(cells["longitude"]):
        empty = "longitude" if cells["latitude"] else "latitude"
        yield Fault(line, empty, "", say("latitude and longitude together, or neither"))
    if values["zip"] is None:
        return
    given = None if None in (values["latitude"], values["longitude"]) else (values["latitude"], values["longitude"])
    site = place_campus(values["zip"], values["state"] or "", given)
    values["zone"] = site.timezone
    if site.point:
        values["latitude"], values["longitude"] = site.point
    else:
        yield Fault(line, "zip", cells["zip"], say("a ZIP code that we know, or latitude and longitude beside it"))
    if site.miles_from_zip is not None:
        shown = f"{cells['latitude']}, {cells['longitude']}"
        miles = f"{site.miles_from_zip:.0f}"
        message = say("lies %(miles)s miles from the centre of ZIP code %(zip)s", miles=miles, zip=cells["zip"])
        yield Warned(line, "latitude, longitude", shown, message)


def warn_of_no_states(line: int, offering: Values) -> Iterator[Warned]:
    """An offering that is online, at least in part, and open to no state."""
    if offering["format"] is not Format.campus and not offering["online_states"]:
        message = say(
            "is empty, so this %(format)s offering matches nobody; name states, or * for all",
            format=offering["format"],
        )
        yield Warned(line, "online_states", "", message)


def settle_school(line: int, cells: Cells, values: Values, campus: Values) -> Iterator[Fault]:
    """Put the time zone and the ``endpoints`` into ``values``; ``campus`` is the first that the school names."""
    if not cells["timezone"]:
        values["timezone"] = campus.get("zone")
        # without a point the ZIP code is the fault, and it is told already
        if values["timezone"] is None and campus["latitude"] is not None:
            yield Fault(line, "timezone", "", say("a time zone like America/Chicago; the ZIP code does not tell it"))
    yield from settle_pause(line, values)
    try:
        values["endpoints"] = list_endpoints(
            values["school_id"], values["delivery"], values["deliver_to"], values["contact_email"]
        )
    except CellError as error:
        yield Fault(line, "deliver_to", cells["deliver_to"], error.expected)


def settle_pause(line: int, values: Values) -> Iterator[Fault]:
    """Only a pause has an end."""
    status, until = values["status"], values["paused_until"]
    if until and status not in (None, SchoolStatus.paused):
        expected = say(
            "nothing, since the status is %(status)s; only a paused school has a day on which that ends", status=status
        )
        yield Fault(line, "paused_until", until.isoformat(), expected)


def check_parts(
    line: int, school: SchoolRecord, campuses: Collection[str], programs: Collection[str]
) -> Iterator[Fault]:
    """A cap of a part that the school does not have would count nothing, one in dollars needs the price of a lead."""
    parts = {*programs, *map(name_campus, campuses)}
    if school.has_money_cap and school.price_per_lead_usd is None:
        expected = say("US dollars like 25 or 37.50: a cap in dollars needs the price of a lead")
        yield Fault(line, "price_per_lead_usd", "", expected)
    for cap in map(read_part_cap, school.part_caps or ()):
        if cap.part and cap.part not in parts:
            known = ", ".join(sorted(parts)) or say("none yet")
            expected = say("a campus or a program of this school; it has %(known)s", known=known)
            yield Fault(line, "part_caps", str(cap), expected)
