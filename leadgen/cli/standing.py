"""`leadgen directory pause|close|resume|retire`: schools, campuses and offerings, by the desk's own functions."""

import click
from sqlalchemy import select

from leadgen.cli.first import ACTOR, one_transaction
from leadgen.config import read_database_settings
from leadgen.core import create_core, db
from leadgen.directory.by_hand import NotThereError
from leadgen.directory.reasons import CLOSE_REASONS, PAUSE_REASONS, RESUME_REASONS, RETIRE_REASONS
from leadgen.directory.records import Key, Noun
from leadgen.journey import standing
from leadgen.models import Offering

NOUNS = [Noun.school.value, Noun.campus.value, Noun.offering.value]
noun_argument = click.argument("noun", type=click.Choice(NOUNS))
name_argument = click.argument("name")


@click.command()
@click.argument("school")
@click.option("--reason", type=click.Choice(list(PAUSE_REASONS)), required=True, help="Why, for the history.")
def pause(school: str, reason: str) -> None:
    """Show SCHOOL (its id) to nobody; its leads wait."""
    with create_core(read_database_settings()).app_context(), one_transaction():
        standing.pause_school(db.session, school, ACTOR, reason)
    click.echo(f"{school} is paused.")


@click.command()
@click.argument("school")
@click.option("--reason", type=click.Choice(list(CLOSE_REASONS)), required=True, help="Why, for the history.")
def close(school: str, reason: str) -> None:
    """Show SCHOOL (its id) to nobody, and cancel the leads that wait."""
    with create_core(read_database_settings()).app_context(), one_transaction():
        waiting = standing.close_school(db.session, school, ACTOR, reason)
    click.echo(f"{school} is closed. Waiting deliveries that are cancelled: {waiting}.")


@click.command()
@noun_argument
@name_argument
@click.option("--reason", type=click.Choice(list(RESUME_REASONS)), required=True, help="Why, for the history.")
def resume(noun: str, name: str, reason: str) -> None:
    """Put a school (its id), a campus (SCHOOL:NAME) or an offering (its id) back into use."""
    with create_core(read_database_settings()).app_context(), one_transaction():
        if noun == Noun.school:
            standing.resume_school(db.session, name, ACTOR, reason)
        else:
            standing.resume(db.session, *_find(Noun(noun), name), ACTOR, reason)
    click.echo(f"{noun} {name} is in use.")


@click.command()
@noun_argument
@name_argument
@click.option("--reason", type=click.Choice(list(RETIRE_REASONS)), required=True, help="Why, for the history.")
def retire(noun: str, name: str, reason: str) -> None:
    """Take a school (its id), a campus (SCHOOL:NAME) or an offering (its id) out of use. Its history stays."""
    with create_core(read_database_settings()).app_context(), one_transaction():
        standing.retire(db.session, *_find(Noun(noun), name), ACTOR, reason)
    click.echo(f"{noun} {name} is retired.")


def _find(noun: Noun, name: str) -> tuple[str, Noun, Key]:
    if noun is Noun.school:
        return name, noun, (name,)
    if noun is Noun.campus:
        school, _, campus = name.partition(":")
        return school, noun, (school, campus)
    school_id = db.session.scalar(select(Offering.school_id).where(Offering.id == name))
    if school_id is None:
        raise NotThereError(f"There is no offering {name}.")
    return school_id, noun, (name,)
