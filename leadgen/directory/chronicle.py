"""One import as lines of each school's history. Addresses stay out of it: that they changed is enough."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from leadgen.directory.plan import Change, Plan
from leadgen.directory.records import Noun
from leadgen.history import Line

ACTOR = "directory"
UNTOLD_FIELDS = frozenset({"address", "contact_email"})


def write_lines(plan: Plan, version_id: int, actor: str = ACTOR, reason: str = "") -> dict[str, list[Line]]:
    """The lines that each school's chain gets, by school id: one per noun and action, one per endpoint."""
    known = {"directory_version": version_id} | ({"reason": reason} if reason else {})
    lines: dict[str, list[Line]] = {}
    for (noun, action), changes in groupby(plan.changes, key=lambda change: (change.noun, change.action)):
        for school_id, own in _group_by_school(changes).items():
            lines.setdefault(school_id, []).extend(
                Line(f"{noun}.{action}", actor, known | told) for told in _tell(noun, own)
            )
    return lines


def _group_by_school(changes: Iterable[Change]) -> dict[str, list[Change]]:
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        grouped.setdefault(change.record.school_id, []).append(change)
    return grouped


def _tell(noun: Noun, changes: list[Change]) -> list[dict[str, Any]]:
    if noun in (Noun.school, Noun.endpoint):
        return [{"what": change.name} | _tell_fields(change) for change in changes]
    told = {change.name: _tell_fields(change).get("fields") for change in changes}
    return [{"changes": told} if any(told.values()) else {"what": list(told)}]


def _tell_fields(change: Change) -> dict[str, Any]:
    told = {
        name: "changed" if name in UNTOLD_FIELDS else [_plain(before), _plain(after)]
        for name, (before, after) in change.fields.items()
    }
    return {"fields": told} if told else {}


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return str(value) if isinstance(value, date | Decimal) else value
