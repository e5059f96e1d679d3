"""`leadgen check`: are all promises kept?"""

import json
from dataclasses import asdict

import click
from sqlalchemy.exc import DBAPIError

from leadgen.config import read_database_settings
from leadgen.core import create_core, db
from leadgen.database import reading
from leadgen.invariants import find_breaches


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Check the invariants on the whole database. Exit status 1 when one is broken."""
    try:
        with create_core(read_database_settings()).app_context(), reading():
            breaches = find_breaches(db.session)
    except DBAPIError as error:
        message = f"The database does not answer as it should: {str(error.orig).splitlines()[0]}"
        raise click.ClickException(f"{message}. If it is new, run `leadgen db upgrade`") from None
    if as_json:
        print(json.dumps({"breaches": [asdict(breach) for breach in breaches]}, indent=2))
    elif breaches:
        for breach in breaches:
            print(f"{breach.invariant}: {breach.detail}")
    else:
        print("All invariants hold.")
    context.exit(1 if breaches else 0)
