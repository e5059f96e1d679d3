"""`leadgen directory`: the schools, read from a file of ours or from the federal ones."""

from contextlib import nullcontext
from pathlib import Path

import click
from sqlalchemy.orm import Session

from leadgen.cli.directory_database import open_directory, open_keys
from leadgen.cli.directory_geocode import geocode
from leadgen.cli.directory_history import history, undo
from leadgen.cli.directory_ipeds import import_ipeds
from leadgen.cli.directory_report import Imported, as_json, faults_as_json, print_faults, print_report
from leadgen.cli.directory_take import take
from leadgen.cli.operator import name_operator
from leadgen.cli.standing import close, pause, resume, retire
from leadgen.config import Settings
from leadgen.database import reading
from leadgen.directory.faults import DirectoryError
from leadgen.directory.reader import read_directory
from leadgen.directory.sync import Source, apply_plan, plan_import
from leadgen.directory.table import check_size


@click.group()
def directory() -> None:
    """The directory of schools."""


for command in (import_ipeds, geocode, history, undo, take, pause, close, resume, retire):
    directory.add_command(command)


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be created, changed and retired; write nothing.")
@click.option("--override-desk", "override", is_flag=True, help="What FILE says holds, also where the desk changed it.")
@click.option("--json", "as_machine", is_flag=True, help="Print JSON.")
def import_(file: Path, dry_run: bool, override: bool, as_machine: bool) -> None:
    """Bring the directory into step with FILE, a CSV with one row per offering.

    Everything is checked first. If anything is wrong, every fault is listed and nothing is written.
    Schools, campuses and offerings that FILE no longer names are retired; leads are not touched.
    What was changed at the desk stays as it is there, and the report names each difference.
    """
    try:
        with open_directory() as (session, settings):
            imported = _run(session, file, settings, dry_run=dry_run, override=override)
    except DirectoryError as error:
        click.echo(faults_as_json(file.name, error)) if as_machine else print_faults(file.name, error)
        raise SystemExit(1) from None
    click.echo(as_json(imported)) if as_machine else print_report(imported)


def _run(session: Session, file: Path, settings: Settings, *, dry_run: bool, override: bool) -> Imported:
    check_size(file.stat().st_size)
    data = file.read_bytes()
    found = read_directory(data)
    source = Source.of(file.name, data)
    with reading() if dry_run else nullcontext():
        plan = plan_import(session, found, override=override)
        if dry_run:
            session.rollback()
            return Imported(source, found, plan, None, dry_run=True)
        version = apply_plan(session, plan, source, open_keys(settings), name_operator())
        session.commit()
    return Imported(source, found, plan, version.id if version else None, dry_run=False)
