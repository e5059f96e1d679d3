"""The `leadgen` command, one file per noun. Commands are imported only when they are run."""

import sys
from typing import Any

import click

from leadgen.cli.lazy import LazyGroup
from leadgen.config import ConfigurationError

COMMANDS = {
    "bounces": "leadgen.cli.bounces:bounces",
    "check": "leadgen.cli.check:check",
    "consent": "leadgen.cli.consent:consent",
    "db": "leadgen.cli.db:db",
    "deliveries": "leadgen.cli.deliveries:deliveries",
    "demo": "leadgen.cli.demo:demo",
    "directory": "leadgen.cli.directory:directory",
    "doctor": "leadgen.cli.doctor:doctor",
    "endpoint": "leadgen.cli.endpoint:endpoint",
    "key": "leadgen.cli.key:key",
    "match": "leadgen.cli.match:match",
    "prospect": "leadgen.cli.prospect:prospect",
    "sandbox": "leadgen.cli.local:sandbox",
    "settings": "leadgen.cli.settings:settings",
    "sweeper": "leadgen.cli.sweeper:sweeper",
    "up": "leadgen.cli.local:up",
    "user": "leadgen.cli.user:user",
    "web": "leadgen.cli.processes:web",
    "worker": "leadgen.cli.processes:worker",
}


class Commands(LazyGroup):
    """Every command; a setting that is wrong, or a database that is away, ends each of them in the same way."""

    places = COMMANDS

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ConfigurationError as error:
            print(error, file=sys.stderr)
            context.exit(1)
        except Exception as error:
            if not _comes_from_database(error):
                raise
            said = str(getattr(error, "orig", error)).partition("\n")[0]
            print(f"The database did not do it: {said}. Nothing of this was written; try again.", file=sys.stderr)
            context.exit(1)


def _comes_from_database(error: Exception) -> bool:
    """Whether it was locked, full or out of reach. By name: to import SQLAlchemy would slow down every command."""
    kinds = [(kind.__module__, kind.__name__) for kind in type(error).__mro__]
    return ("sqlalchemy.exc", "OperationalError") in kinds


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="leadgen")
def main() -> None:
    """Lead generation for training programs: matching, consent, delivery, review."""
