"""What an import says about itself: a table and lists for people, JSON for machines."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from leadgen.directory.faults import DirectoryError
from leadgen.directory.plan import Action, Change, Plan
from leadgen.directory.records import Directory, Noun, SchoolRecord
from leadgen.directory.sync import Source

SHOWN_CHANGES = 40
SHOWN_WARNINGS = 40
SHOWN_KEPT = 40

# a record that comes back is a change to a row that was always there
COUNTED = {
    "created": (Action.created,),
    "changed": (Action.changed, Action.restored),
    "retired": (Action.retired,),
}
SIGNS = {Action.created: "+", Action.changed: "~", Action.restored: "~", Action.retired: "-", Action.kept: "="}
PLURALS = {
    Noun.school: "schools",
    Noun.campus: "campuses",
    Noun.endpoint: "endpoints",
    Noun.offering: "offerings",
}


@dataclass(frozen=True)
class Imported:
    """One run of the import. ``version`` is None when nothing was written."""

    source: Source
    directory: Directory
    plan: Plan
    version: int | None
    dry_run: bool


def as_json(imported: Imported) -> str:
    """Counts by noun, every change, everything that is kept as edited at the desk, and every warning."""
    return json.dumps(list_facts(imported), indent=2, default=str)


def list_facts(imported: Imported) -> dict[str, Any]:
    """The same, before it is JSON."""
    plan = imported.plan
    return {
        "file": imported.source.name,
        "sha256": imported.source.sha256,
        "dry_run": imported.dry_run,
        "version": imported.version,
        "read": {plural: len(imported.directory.records[noun]) for noun, plural in PLURALS.items()},
        **{word: _count(plan, *actions) for word, actions in COUNTED.items()},
        "changes": [_change_as_json(change) for change in plan.changes],
        "overridden" if plan.override else "kept": [_change_as_json(change) for change in plan.kept],
        "warnings": [asdict(warning) for warning in imported.directory.warnings],
    }


def faults_as_json(name: str, error: DirectoryError) -> str:
    """The faults of a file that was refused."""
    return json.dumps({"file": name, "faults": [asdict(fault) for fault in error.faults]}, indent=2)


def print_faults(name: str, error: DirectoryError) -> None:
    """Every fault on a line of its own, to standard error."""
    number = len(error.faults)
    click.echo(f"{name}: {number:,} fault{'s' if number != 1 else ''}. Nothing was written.", err=True)
    for fault in error.faults:
        click.echo(str(fault), err=True)


def print_report(imported: Imported) -> None:
    """Counts as a table, then the first changes, the warnings, and what was done."""
    _print_counts(imported)
    changes, warnings = imported.plan.changes, imported.directory.warnings
    print_list("Changes", [_describe(change) for change in changes], SHOWN_CHANGES)
    print_list(_name_kept(imported.plan), [_describe_kept(each) for each in imported.plan.kept], SHOWN_KEPT)
    print_list("Warnings", [str(warning) for warning in warnings], SHOWN_WARNINGS)
    if imported.dry_run:
        click.echo("Dry run: nothing was written.")
    elif imported.version is None:
        click.echo("The directory already says the same. Nothing was written.")
    else:
        click.echo(f"This is version {imported.version} of the directory.")


def _print_counts(imported: Imported) -> None:
    table = Table(title=imported.source.name, title_justify="left")
    table.add_column("")
    for plural in PLURALS.values():
        table.add_column(plural, justify="right")
    rows = {"in the file": {plural: len(imported.directory.records[noun]) for noun, plural in PLURALS.items()}}
    rows |= {word: _count(imported.plan, *actions) for word, actions in COUNTED.items()}
    for word, counts in rows.items():
        table.add_row(word, *(f"{count:,}" for count in counts.values()))
    Console().print(table)


def print_list(title: str, lines: list[str], shown: int) -> None:
    """A titled list, cut where it grows long."""
    if not lines:
        return
    click.echo(f"{title}:")
    for line in lines[:shown]:
        click.echo(f"  {line}")
    if len(lines) > shown:
        click.echo(f"  … and {len(lines) - shown:,} more; --json lists all of them")


def _count(plan: Plan, *actions: Action) -> dict[str, int]:
    counts = plan.count(*actions)
    return {plural: counts[noun] for noun, plural in PLURALS.items()}


def _describe(change: Change) -> str:
    told = "; ".join(f"{field}: {_show(old)} → {_show(new)}" for field, (old, new) in change.fields.items())
    words = f"{SIGNS[change.action]} {change.noun} {change.action}: {_name(change)}"
    return f"{words} ({told})" if told else words


def _name_kept(plan: Plan) -> str:
    return "Edited at the desk, and overridden by the file" if plan.override else "Kept as edited at the desk"


def _describe_kept(change: Change) -> str:
    differences = (f"{field}: desk {_show(desk)}, file {_show(file)}" for field, (desk, file) in change.fields.items())
    return f"{SIGNS[change.action]} {change.noun}: {_name(change)} ({'; '.join(differences)})"


def _name(change: Change) -> str:
    record = change.record
    return f"{record.id} {record.name}" if isinstance(record, SchoolRecord) else f"{record.school_id} {change.name}"


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return "not given" if value is None else str(value)


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "noun": change.noun,
        "action": change.action,
        "school_id": change.record.school_id,
        "name": change.name,
        "fields": change.fields,
    }
