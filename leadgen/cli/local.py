"""`leadgen up` and `leadgen sandbox`: for one machine. They know no app, so they start at once."""

import json
import sys
from pathlib import Path

import click

from leadgen.local import StartError
from leadgen.local.first_start import DIRECTORY
from leadgen.local.sandbox.run import RunningSandbox, wait_for_signal
from leadgen.local.supervisor import run_up

data_option = click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path),
    default=Path("var"),
    envvar="LEADGEN_DATA_DIR",
    show_default=True,
    help="Folder for the database, keys and logs.",
)


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0 picks a free one.")
@data_option
@click.option(
    "--schools",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=DIRECTORY,
    help="Directory to import at the first start, instead of the sample.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the addresses and logins as one line of JSON.")
@click.option("--demo/--no-demo", "with_demo", default=True, help="Invent inquiries at the first start.")
def up(port: int, data_dir: Path, schools: Path, as_json: bool, with_demo: bool) -> None:
    """Run everything on this machine: web, worker, sweeper, broker, and sample schools that receive.

    The first start makes keys and a database, imports the schools, and prints logins once. On the sample schools it
    also invents inquiries, marked as demo, so that the desk has work to show; `leadgen demo clear` takes them away.
    """
    sys.exit(run_up(port, data_dir, schools, as_json=as_json, with_demo=with_demo))


@click.command()
@click.option("--http-port", type=click.IntRange(0, 65_535), default=0, help="0 picks a free one.")
@click.option("--smtp-port", type=click.IntRange(0, 65_535), default=0, help="0 picks a free one.")
@data_option
def sandbox(http_port: int, smtp_port: int, data_dir: Path) -> None:
    """Run the sample schools alone: an SMTP and an HTTP receiver, with a page that shows what arrived."""
    try:
        running = RunningSandbox(data_dir, http_port, smtp_port)
    except StartError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(json.dumps({"http_port": running.http_port, "smtp_port": running.smtp_port}), flush=True)
    wait_for_signal()
    running.stop()
