"""What an import of the federal files says about itself, for people and for machines."""

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from leadgen.cli.directory_report import Imported, list_facts, print_list, print_report
from leadgen.directory.ipeds.findings import Findings, Skip
from leadgen.directory.ipeds.reader import Files

SHOWN = 20

# what nobody needs to look into one by one
PLAIN = frozenset({Skip.no_program, Skip.inactive, Skip.administrative, Skip.left_out})


def tell_listed(imported: Imported, files: Files, findings: Findings) -> str:
    """JSON: what an import says, with every file's hash, the rows passed over counted and named, and what is odd."""
    facts = list_facts(imported) | {
        "files": [{"name": each.name, "sha256": each.sha256} for each in files],
        "skipped": {
            "counts": {reason.name: number for reason, number in findings.counts.items()},
            "rows": [asdict(each) | {"reason": each.reason.name, "words": each.reason} for each in findings.skipped],
        },
        "warnings": [asdict(each) for each in findings.odd],
    }
    return json.dumps(facts, indent=2, default=str)


def print_listed(imported: Imported, findings: Findings) -> None:
    """Counts, changes, what was passed over and why, and what is odd."""
    _print_skipped(findings)
    telling = [
        f"{each.file}, line {each.line}, {each.unitid} {each.name}: {each.reason}"
        for each in findings.skipped
        if each.reason not in PLAIN
    ]
    print_list("Passed over, row by row", telling, SHOWN)
    print_list("Odd", [str(each) for each in findings.odd], SHOWN)
    print_report(imported)


def _print_skipped(findings: Findings) -> None:
    table = Table(title="Rows passed over", title_justify="left")
    table.add_column("why")
    table.add_column("rows", justify="right")
    for reason, number in findings.counts.most_common():
        table.add_row(reason, f"{number:,}")
    if findings.counts:
        Console().print(table)
    else:
        click.echo("No row was passed over.")
