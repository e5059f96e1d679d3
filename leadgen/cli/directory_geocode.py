"""`leadgen directory geocode`: ask a geocoder where campuses are. Off unless somebody runs it."""

from collections import Counter
from itertools import islice
from urllib.parse import urlsplit

import click
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder

from leadgen.cli.directory_database import open_directory
from leadgen.cli.operator import name_operator
from leadgen.directory.geocode import Answered, Ask, geocode_campus, list_unasked
from leadgen.geo.census import Census
from leadgen.geo.distance import Point
from leadgen.models import GeocodedAs, GeocoderName

# what Nominatim's usage policy allows a whole application; the Census is asked no faster
SECONDS_BETWEEN = 1.0
TIMEOUT_SECONDS = 10
SERVERS = {
    GeocoderName.nominatim: "https://nominatim.openstreetmap.org",
    GeocoderName.census: "https://geocoding.geo.census.gov",
}


@click.command()
@click.option("--with", "source", type=click.Choice([*GeocoderName]), default=GeocoderName.census, show_default=True)
@click.option("--limit", type=click.IntRange(min=1), help="Ask about so many campuses at most.")
@click.option("--user-agent", help="How we name ourselves. By default leadgen and the address of this installation.")
@click.option("--server", metavar="URL", help="Another server of the same kind, like your own Nominatim.")
def geocode(source: str, limit: int | None, user_agent: str | None, server: str | None) -> None:
    """Find campuses by their street address, one request a second.

    Asked are those that have an address and no point of their own, each once: run it again to go on. A point over
    25 miles from the campus's ZIP code is refused.
    """
    name = GeocoderName(source)
    with open_directory() as (session, settings):
        ask = _make_asker(name, server or SERVERS[name], user_agent or f"leadgen ({settings.base_url})")
        counts: Counter[GeocodedAs] = Counter()
        for campus in islice(list_unasked(session, name), limit):
            try:
                answered = geocode_campus(session, campus, name, ask, name_operator())
            except GeopyError as error:
                session.rollback()
                said = f"{_say_counts(counts)} Then {name} failed: {error}. Run it again to go on."
                raise click.ClickException(said) from None
            session.commit()
            counts[answered.came_to] += 1
            _report(answered)
    click.echo(_say_counts(counts))


def _make_asker(name: GeocoderName, server: str, user_agent: str) -> Ask:
    limited = RateLimiter(
        _make_geocoder(name, server, user_agent).geocode,
        min_delay_seconds=SECONDS_BETWEEN,
        max_retries=0,
        swallow_exceptions=False,
    )

    def ask(address: str) -> Point | None:
        found = limited(address)
        return (found.latitude, found.longitude) if found else None

    return ask


def _make_geocoder(name: GeocoderName, server: str, user_agent: str) -> Geocoder:
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise click.BadParameter(f"{server!r} is not an address like https://nominatim.example", param_hint="--server")
    kind = Census if name is GeocoderName.census else Nominatim
    return kind(domain=parts.netloc + parts.path, scheme=parts.scheme, user_agent=user_agent, timeout=TIMEOUT_SECONDS)


def _report(answered: Answered) -> None:
    campus = answered.campus
    who = f"{campus.school_id}, {campus.name}"
    if answered.came_to is GeocodedAs.unknown:
        click.echo(f"{who}: not found")
    elif answered.came_to is GeocodedAs.far:
        miles = answered.miles_from_zip
        far = "no middle of its ZIP code to compare" if miles is None else f"{miles:,.1f} miles from its ZIP code"
        click.echo(f"{who}: refused, {far}")


def _say_counts(counts: Counter[GeocodedAs]) -> str:
    street, unknown, far = (counts[each] for each in (GeocodedAs.street, GeocodedAs.unknown, GeocodedAs.far))
    return f"Asked about {counts.total():,}: {street:,} found, {unknown:,} not found, {far:,} refused."
