"""`leadgen directory import-ipeds`: schools listed from the federal files."""

from collections.abc import Iterable
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from leadgen.cli.directory_database import open_directory
from leadgen.cli.directory_report import Imported, faults_as_json, print_faults
from leadgen.cli.ipeds_report import print_listed, tell_listed
from leadgen.cli.operator import name_operator
from leadgen.database import reading
from leadgen.directory.faults import DirectoryError
from leadgen.directory.ipeds.findings import Findings
from leadgen.directory.ipeds.published import Published, unwatched
from leadgen.directory.ipeds.reader import Files, read_ipeds
from leadgen.directory.sync import Source, apply_plan, plan_import
from leadgen.guides.loader import list_programs
from leadgen.models import Origin, VersionKind

ONE_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import-ipeds")
@click.option("--hd", "institutions", type=ONE_FILE, required=True, help="The directory file, like HD2024.zip.")
@click.option("--completions", type=ONE_FILE, required=True, help="The completions file, like C2024_A.zip.")
@click.option("--ic", "characteristics", type=ONE_FILE, help="Tells who teaches online alone, like IC2024.zip.")
@click.option("--distance", type=ONE_FILE, help="Tells the same by program, like C2024DEP.zip.")
@click.option("--programs", multiple=True, metavar="SLUG", help="Only these programs; several times, or with commas.")
@click.option("--dry-run", is_flag=True, help="Say what would change and what is passed over; write nothing.")
@click.option("--json", "as_machine", is_flag=True, help="Print JSON, with every change and every row passed over.")
def import_ipeds(
    institutions: Path,
    completions: Path,
    characteristics: Path | None,
    distance: Path | None,
    programs: tuple[str, ...],
    dry_run: bool,
    as_machine: bool,
) -> None:
    """List every school that the federal files (IPEDS) know to teach our programs.

    Takes the files as NCES publishes them, of 2020 or later. Everything is checked first: if anything is wrong, every
    fault is listed and nothing is written. Listed schools are shown with their own web address and take no inquiries
    through us. What the files no longer name is retired, if it came from such files; other schools are not touched.
    """
    files = Files(*(_read_file(path) for path in (institutions, completions, characteristics, distance)))  # type: ignore[arg-type]
    codes = _list_codes(programs)
    try:
        with open_directory() as (session, _), _show_progress() as progress:
            imported, findings = _run(session, files, codes, progress, dry_run=dry_run)
    except DirectoryError as error:
        names = ", ".join(each.name for each in files)
        click.echo(faults_as_json(names, error)) if as_machine else print_faults(names, error)
        raise SystemExit(1) from None
    if as_machine:
        click.echo(tell_listed(imported, files, findings))
    else:
        print_listed(imported, findings)


def _run(
    session: Session, files: Files, codes: dict[str, str], progress: Progress, *, dry_run: bool
) -> tuple[Imported, Findings]:
    found, findings = read_ipeds(files, codes, _watch_with(progress))
    source = _name_source(files, findings)
    with reading() if dry_run else nullcontext():
        progress.add_task("Comparing with the directory", total=None)
        plan = plan_import(session, found, origin=Origin.ipeds)
        if dry_run:
            session.rollback()
            return Imported(source, found, plan, None, dry_run=True), findings
        progress.add_task(f"Writing {len(plan.changes):,} changes", total=None)
        version = apply_plan(session, plan, source, actor=name_operator())
        session.commit()
    return Imported(source, found, plan, version.id if version else None, dry_run=False), findings


def _read_file(path: Path | None) -> Published | None:
    return Published(path.name, path.read_bytes()) if path else None


def _list_codes(asked: Iterable[str]) -> dict[str, str]:
    """Our programs by CIP code, from their guides; all of them, or those asked for."""
    slugs = {slug.strip() for words in asked for slug in words.split(",") if slug.strip()}
    known = {program.slug: program.cip_codes for program in list_programs()}
    if unknown := slugs - known.keys():
        raise click.BadParameter(
            f"{', '.join(sorted(unknown))}: known are {', '.join(sorted(known))}", None, None, "--programs"
        )
    return {code: slug for slug, codes in known.items() if not slugs or slug in slugs for code in codes}


def _name_source(files: Files, findings: Findings) -> Source:
    """One hash stands for all files: that of their hashes, one after another."""
    hashes = {each.name: each.sha256 for each in files}
    details: dict[str, Any] = {"files": hashes, "skipped": {reason.name: n for reason, n in findings.counts.items()}}
    return Source(", ".join(hashes), sha256("".join(hashes.values()).encode()).hexdigest(), VersionKind.ipeds, details)


def _show_progress() -> Progress:
    """A bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _watch_with(progress: Progress) -> Any:
    if progress.disable:
        return unwatched
    return lambda stream, size, name: progress.wrap_file(stream, size, description=f"Reading {name}")
