"""`leadgen db`: the schema."""

import click
from sqlalchemy.exc import DBAPIError

from leadgen.config import read_database_settings
from leadgen.core import alembic, create_core


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Apply all migrations. Safe to run again, and by two at once on PostgreSQL."""
    with create_core(read_database_settings()).app_context():
        try:
            alembic.upgrade()
        except DBAPIError as error:
            said = (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
            raise click.ClickException(f"The database cannot be used: {said}. See LEADGEN_DATABASE_URL") from None
