"""The database as the commands of `leadgen directory` open it, and the one line they say where it cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from leadgen.config import Settings, read_database_settings
from leadgen.core import create_core, db
from leadgen.vault import Vault


@contextmanager
def open_directory() -> Iterator[tuple[Session, Settings]]:
    """A session, and the settings. A database that does not answer ends the command with what to do."""
    settings = read_database_settings()
    try:
        with create_core(settings).app_context():
            yield db.session, settings
    except (OperationalError, ProgrammingError) as error:
        first_line = str(error.orig).partition("\n")[0]
        raise click.ClickException(
            f"the database cannot be used: {first_line}. If it is new, make its tables first: leadgen db upgrade"
        ) from None


def open_keys(settings: Settings) -> Vault | None:
    """The vault where keys are configured; without them the secrets are made when the worker starts."""
    return Vault.from_settings(settings) if settings.encryption_keys.get_secret_value() else None
