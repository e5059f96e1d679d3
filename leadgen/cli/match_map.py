"""`leadgen match --map`: the matches as a picture in a file."""

from pathlib import Path

import click

from leadgen.geo.map import Home, Scene
from leadgen.geo.map_file import draw_file
from leadgen.geo.pins import Pin
from leadgen.matching.criteria import Found, Matched
from leadgen.models import Format


def write_map(found: Found, path: Path) -> None:
    """Draw what was found into a file; ClickException where it cannot be written."""
    try:
        path.write_text(draw_file(_set_scene(found)), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"The map cannot be written to {path}: {error.strerror}") from None
    click.echo(f"The map is in {path}", err=True)


def _set_scene(found: Found) -> Scene:
    place, radius = found.place, found.criteria.within_miles
    reach = f"within {radius} miles of" if radius else "at any distance from"
    near = [match for match in found.matches if match.format != Format.online]
    online = [match for match in found.matches if match.format == Format.online]
    return Scene(
        title=f"{found.criteria.program} {reach} {place.zip} ({place.city}, {place.state})",
        pins=[_pin(match) for match in near],
        home=Home(place.point, place.city),
        circles=[(place.point, radius)] if radius else (),
        online=[f"{match.rank}. {match.school}" for match in online],
    )


def _pin(match: Matched) -> Pin:
    far = "" if match.distance_miles is None else f", {match.distance_miles:,.1f} miles"
    label = f"{match.school}, {match.city}, {match.state}{far}"
    return Pin(match.rank, label, (match.latitude, match.longitude), match.city, match.state)
