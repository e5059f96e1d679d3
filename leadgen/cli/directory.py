"""`leadgen directory`: the schools, read from a file."""

from contextlib import nullcontext
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from leadgen.cli.directory_report import Imported, as_json, faults_as_json, print_faults, print_report
from leadgen.cli.standing import close, pause, resume, retire
from leadgen.config import Settings, read_database_settings
from leadgen.core import create_core, db
from leadgen.database import reading
from leadgen.directory.faults import DirectoryError
from leadgen.directory.reader import read_directory
from leadgen.directory.sync import Source, apply_plan, plan_import
from leadgen.directory.table import check_size
from leadgen.vault import Vault


@click.group()
def directory() -> None:
    """The directory of schools."""


for command in (pause, close, resume, retire):
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
    settings = read_database_settings()
    try:
        with create_core(settings).app_context():
            imported = _run(db.session, file, settings, dry_run=dry_run, override=override)
    except DirectoryError as error:
        click.echo(faults_as_json(file.name, error)) if as_machine else print_faults(file.name, error)
        raise SystemExit(1) from None
    except (OperationalError, ProgrammingError) as error:
        first_line = str(error.orig).partition("\n")[0]
        raise click.ClickException(
            f"the database cannot be used: {first_line}. If it is new, make its tables first: leadgen db upgrade"
        ) from None
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
        version = apply_plan(session, plan, source, _open_vault(settings))
        session.commit()
    return Imported(source, found, plan, version.id if version else None, dry_run=False)


def _open_vault(settings: Settings) -> Vault | None:
    """The vault where keys are configured; without them the secrets are made when the worker starts."""
    return Vault.from_settings(settings) if settings.encryption_keys.get_secret_value() else None
