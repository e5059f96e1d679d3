"""`leadgen sweeper`: one process that looks for what is due, whatever became of the nudges."""

import click

from leadgen.app import create_app
from leadgen.tasks.sweeper import run


@click.command()
def sweeper() -> None:
    """Look for deliveries that are due or lapsed. Safe to run many times; needs no broker."""
    run(create_app())
