"""`leadgen match`: who fits one search, in what order, and why.

It opens the database itself rather than through the app, whose parts take a second to import.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from leadgen import clock
from leadgen.cli.match_json import explanation_to_json, found_to_json
from leadgen.cli.match_map import write_map
from leadgen.cli.match_text import print_explanation, print_found
from leadgen.cli.match_where import read_where
from leadgen.config import read_database_settings
from leadgen.database import prepare_engine, reading
from leadgen.geo.zips import ZipError
from leadgen.matching.candidates import list_programs
from leadgen.matching.criteria import (
    DEFAULT_RADIUS_MILES,
    FARTHEST_MILES,
    NEAREST_MILES,
    Criteria,
    FormatWish,
    find_day_after,
)
from leadgen.matching.explain import Explained, Explanation, explain_all
from leadgen.matching.find import DEFAULT_LIMIT, find_matches
from leadgen.models import Credential, Education, Schedule

PAGE = 500


def _read_miles(_context: click.Context, _option: click.Parameter, text: str) -> int | None:
    """Whole miles from 10 to 250; ``any`` is any distance."""
    if text == "any":
        return None
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter(f"{text!r} is not a whole number of miles, nor `any`")
    if not NEAREST_MILES <= (miles := int(text[:9])) <= FARTHEST_MILES:
        raise click.BadParameter(f"from {NEAREST_MILES} to {FARTHEST_MILES} miles; for any distance say `any`")
    return miles


@click.command()
@click.option("--program", required=True, metavar="SLUG", help="For example medical-billing-and-coding.")
@click.option("--zip", "zip_code", metavar="ZIP", help="Where she lives: 60601 or 60601-1234.")
@click.option("--place", "town", metavar="'Joliet, IL'", help="The same by name.")
@click.option("--latitude", type=click.FloatRange(-90, 90), metavar="41.53", help="The same as a point in degrees.")
@click.option("--longitude", type=click.FloatRange(-180, 180), metavar="-88.08")
@click.option("--format", "wish", type=click.Choice([*FormatWish]), default=FormatWish.any, show_default=True)
@click.option(
    "--within",
    callback=_read_miles,
    default=str(DEFAULT_RADIUS_MILES),
    show_default=True,
    metavar="MILES",
    help="Whole miles from 10 to 250, or `any`.",
)
@click.option("--credential", type=click.Choice([*Credential]))
@click.option("--certification", "certifications", multiple=True, metavar="CCS", help="May be given several times.")
@click.option("--age", type=click.IntRange(min=0))
@click.option("--education", type=click.Choice([*Education]), help="What she has.")
@click.option("--max-months", type=click.IntRange(min=1), metavar="N", help="Takes at most so many months.")
@click.option("--max-cost", type=click.IntRange(min=0), metavar="USD", help="Costs at most so many dollars in all.")
@click.option("--schedule", "schedules", type=click.Choice([*Schedule]), multiple=True, help="One of these is enough.")
@click.option("--start-within", type=click.IntRange(min=1, max=60), metavar="MONTHS", help="Starts within so many.")
@click.option("--start-by", type=click.DateTime(["%Y-%m-%d"]), metavar="2027-03-04", help="Starts by that day.")
@click.option("--language", metavar="Spanish", help="Taught in that language.")
@click.option(
    "--limit", type=click.IntRange(min=1), help=f"How many at most. By default {DEFAULT_LIMIT}; all with --explain."
)
@click.option("--explain", is_flag=True, help="Every offering of the program with every rule.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="OUT.svg",
    help="Also draw the matches into this file.",
)
def match(
    program: str,
    zip_code: str | None,
    town: str | None,
    latitude: float | None,
    longitude: float | None,
    wish: str,
    within: int | None,
    credential: str | None,
    certifications: tuple[str, ...],
    age: int | None,
    education: str | None,
    max_months: int | None,
    max_cost: int | None,
    schedules: tuple[str, ...],
    start_within: int | None,
    start_by: datetime | None,
    language: str | None,
    limit: int | None,
    explain: bool,
    as_json: bool,
    map_file: Path | None,
) -> None:
    """Match one search against the directory. What is not given passes every offering."""
    if explain and map_file:
        raise click.UsageError("--map draws the matches; leave out --explain")
    where = read_where(zip_code, town, latitude, longitude)
    criteria = Criteria(
        program,
        where.zip,
        FormatWish(wish),
        within,
        Credential(credential) if credential else None,
        certifications,
        age,
        Education(education) if education else None,
    )
    criteria = replace(criteria, max_months=max_months, max_cost_usd=max_cost, schedules=schedules, language=language)
    criteria = replace(criteria, latitude=where.latitude, longitude=where.longitude)
    with _open_session() as session:
        criteria = _add_start(criteria, clock.now(session).date(), start_within, start_by)
        if explain:
            _print_explanation(session, criteria, limit, as_json)
        else:
            _print_matches(session, criteria, limit or DEFAULT_LIMIT, as_json, map_file)


def _add_start(criteria: Criteria, today: date, within_months: int | None, by: datetime | None) -> Criteria:
    if by and within_months:
        raise click.UsageError("Say --start-by or --start-within, not both")
    if not (by or within_months):
        return criteria
    last = by.date() if by else find_day_after(today, within_months or 0)
    return replace(criteria, start_from=today, start_by=last)


def _print_matches(session: Session, criteria: Criteria, limit: int, as_json: bool, map_file: Path | None) -> None:
    found = find_matches(session, criteria, limit=limit)
    if not found.total:
        _refuse_unknown_program(session, criteria.program)
    if as_json:
        click.echo(json.dumps(found_to_json(found), indent=2))
    else:
        print_found(found)
    if map_file:
        write_map(found, map_file)


def _print_explanation(session: Session, criteria: Criteria, limit: int | None, as_json: bool) -> None:
    explanation = explain_all(session, criteria)
    if not explanation.offerings:
        _refuse_unknown_program(session, criteria.program)
    shown = list(_show_first(session, explanation, limit))
    if as_json:
        click.echo(json.dumps(explanation_to_json(explanation, shown), indent=2))
    else:
        print_explanation(explanation, shown)


def _show_first(session: Session, explanation: Explanation, limit: int | None) -> Iterator[Explained]:
    offerings = explanation.offerings[:limit]
    for start in range(0, len(offerings), PAGE):
        yield from explanation.show(session, offerings[start : start + PAGE])


def _refuse_unknown_program(session: Session, program: str) -> None:
    known = list_programs(session)
    if not known:
        raise click.ClickException("The directory is empty. Fill it with `leadgen directory import schools.csv`")
    if program not in known:
        raise click.ClickException(f"No school offers the program {program!r}. Known are: {', '.join(known)}")


@contextmanager
def _open_session() -> Iterator[Session]:
    engine = prepare_engine(create_engine(read_database_settings().database_url))
    try:
        with reading(), Session(engine) as session:
            yield session
    except ZipError as error:
        raise click.ClickException(str(error)) from None
    except DBAPIError as error:
        message = f"The database does not answer as it should: {str(error.orig).splitlines()[0]}"
        raise click.ClickException(f"{message}. If it is new, run `leadgen db upgrade`") from None
    finally:
        engine.dispose()
