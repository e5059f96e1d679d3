"""`leadgen endpoint draft`: a map drafted from a posting specification, to correct. Nothing is sent."""

from pathlib import Path
from typing import TextIO

import click

from leadgen.delivery.posting.document import write_document
from leadgen.delivery.posting.draft import draft_posting
from leadgen.delivery.posting.draft_sample import DraftError

ONE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("spec", type=click.File("r", encoding="utf-8", errors="replace"), default="-", metavar="[FILE]")
@click.option("--accepted", type=ONE_FILE, help="A sample answer of theirs to a lead that they take.")
@click.option("--rejected", type=ONE_FILE, help="A sample answer of theirs to a lead that they do not take.")
def draft(spec: TextIO, accepted: Path | None, rejected: Path | None) -> None:
    """Draft a map from FILE, or from what comes in: a cURL command, or a sample request.

    Prints the map, with what is left for you to look at under "todo". Correct it, take those lines out, then give it
    to `leadgen endpoint map`. The command is read and never run, and nothing is sent."""
    try:
        made = draft_posting(spec.read(), _read(accepted), _read(rejected))
    except DraftError as error:
        raise click.ClickException(str(error.words)) from None
    click.echo(write_document(made.posting, made.todo), nl=False)
    if made.address:
        click.echo(f"Their sample posts to {made.address}", err=True)
    click.echo(f"To look at: {len(made.todo)}", err=True)


def _read(path: Path | None) -> str:
    return path.read_text("utf-8", "replace") if path else ""
