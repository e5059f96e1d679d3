"""`leadgen directory history` and `undo`: what was imported, when, by whom; and the last import taken back."""

import json
from contextlib import nullcontext
from typing import Any

import click
from sqlalchemy.orm import Session

from leadgen.cli.directory_database import open_directory
from leadgen.cli.directory_report import Imported, as_json, print_report
from leadgen.cli.operator import name_operator
from leadgen.database import reading
from leadgen.directory.chronicle import UNTOLD_FIELDS
from leadgen.directory.journal import find_undone, list_versions, read_changes
from leadgen.directory.records import Directory, Noun
from leadgen.directory.undo import NothingToUndoError, find_last_import, name_undo, plan_undo, write_undo
from leadgen.models import DirectoryChange, DirectoryVersion

SHOWN_CHANGES = 200


@click.command("history")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many, newest first."
)
@click.option("--version", "number", type=int, help="Every change of this version.")
@click.option("--json", "as_machine", is_flag=True, help="Print JSON.")
def history(limit: int, number: int | None, as_machine: bool) -> None:
    """What changed the directory: who, when, from which files, and how much. With --version, each change."""
    with reading(), open_directory() as (session, _):
        if number is None:
            _print_versions(session, limit, as_machine)
        else:
            _print_changes(session, number, as_machine)


@click.command("undo")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_machine", is_flag=True, help="Print JSON.")
def undo(dry_run: bool, as_machine: bool) -> None:
    """Undo the last import that was not undone yet, of whichever kind.

    What it created is retired, what it changed is as before, what it retired is back. Leads are not touched, and
    what the desk changed since stays as it is there. Undone imports can be imported again.
    """
    with open_directory() as (session, _):
        try:
            undone = _undo(session, dry_run=dry_run)
        except NothingToUndoError as error:
            raise click.ClickException(str(error)) from None
    click.echo(as_json(undone)) if as_machine else print_report(undone)


def _undo(session: Session, *, dry_run: bool) -> Imported:
    with reading() if dry_run else nullcontext():
        last = find_last_import(session)
        source, plan = name_undo(last), plan_undo(session, last)
        if dry_run:
            session.rollback()
            return Imported(source, _NO_FILE, plan, None, dry_run=True)
        version = write_undo(session, last, plan, name_operator())
        session.commit()
    return Imported(source, _NO_FILE, plan, version.id, dry_run=False)


def _print_versions(session: Session, limit: int, as_machine: bool) -> None:
    versions = list_versions(session, limit=limit)
    undone = find_undone(session, [each.id for each in versions])
    if as_machine:
        click.echo(json.dumps([_version_as_json(each, undone) for each in versions], indent=2))
    elif versions:
        for each in versions:
            click.echo(_describe(each, undone))
    else:
        click.echo("The directory is empty: nothing was imported yet.")


def _describe(version: DirectoryVersion, undone: dict[int, int]) -> str:
    """Two lines of a version: what came from where, and what it did."""
    when = f"{version.imported_at:%Y-%m-%d %H:%M} UTC"
    counts = f"{version.created:,} created, {version.changed:,} changed, {version.retired:,} retired"
    undoing = f" Undone by version {undone[version.id]}." if version.id in undone else ""
    return (
        f"{version.id:>5}  {when}  {version.actor}  {version.kind.replace('_', ' ')}: {version.source}\n"
        f"       {counts}. SHA-256 {version.sha256[:16]}…{undoing}"
    )


def _version_as_json(version: DirectoryVersion, undone: dict[int, int]) -> dict[str, Any]:
    return {
        "version": version.id,
        "kind": version.kind,
        "at": version.imported_at.isoformat(timespec="seconds"),
        "actor": version.actor,
        "source": version.source,
        "sha256": version.sha256,
        "created": version.created,
        "changed": version.changed,
        "retired": version.retired,
        "details": version.details,
        "undoes": version.undoes_id,
        "undone_by": undone.get(version.id),
    }


def _print_changes(session: Session, number: int, as_machine: bool) -> None:
    if session.get(DirectoryVersion, number) is None:
        raise click.ClickException(f"There is no version {number} of the directory.")
    if as_machine:
        click.echo(json.dumps([_change_as_json(each) for each in read_changes(session, number)], indent=2))
        return
    for shown, change in enumerate(read_changes(session, number)):
        if shown == SHOWN_CHANGES:
            click.echo("… and more; --json lists all of them")
            break
        fields = "; ".join(f"{name}: {told}" for name, told in _tell_fields(change).items())
        click.echo(f"{change.noun} {change.action}: {_name(change)}" + (f" ({fields})" if fields else ""))


def _change_as_json(change: DirectoryChange) -> dict[str, Any]:
    return {
        "noun": change.noun,
        "action": change.action,
        "school_id": change.school_id,
        "name": _name(change),
        "fields": _tell_fields(change),
    }


def _name(change: DirectoryChange) -> str:
    """An offering's id says whose it is; the others' keys begin with their school."""
    return " ".join(change.key) if change.noun != Noun.offering else f"{change.school_id} {change.key[0]}"


def _tell_fields(change: DirectoryChange) -> dict[str, Any]:
    """Addresses stay untold, as in the history of schools: that they changed is enough."""
    return {
        name: "changed" if name in UNTOLD_FIELDS else f"{_show(old)} → {_show(new)}"
        for name, (old, new) in change.fields.items()
    }


def _show(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "not given" if value is None else str(value)


_NO_FILE = Directory({noun: {} for noun in Noun})
