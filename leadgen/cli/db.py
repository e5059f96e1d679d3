"""`leadgen db`: the schema."""

import click

from leadgen.config import read_database_settings
from leadgen.core import alembic, create_core


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Apply all migrations. Safe to run again, and by two at once on PostgreSQL."""
    with create_core(read_database_settings()).app_context():
        alembic.upgrade()
