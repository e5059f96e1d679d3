"""What people change by hand, at the desk or by command, written as an import would write it: a new version of the
directory, and lines in the school's history. The record remembers what was changed, for the next import to leave
as it is (directory.kept)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from leadgen.directory.plan import Plan, compare
from leadgen.directory.records import Directory, Key, Noun, Record, Stored
from leadgen.directory.stored import read_stored
from leadgen.directory.sync import Source, keep_imports_out, write_plan
from leadgen.marks import say
from leadgen.models import Campus, DirectoryVersion, Offering, School, VersionKind

SOURCE = "by hand"
MODELS: dict[Noun, type[Any]] = {Noun.school: School, Noun.campus: Campus, Noun.offering: Offering}

Records = dict[Noun, dict[Key, Record]]
Marks = Mapping[tuple[Noun, Key], Collection[str]]


class EditError(Exception):
    """The record cannot be written. ``wrong`` says for each column what belongs there."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{column}: expected {expected}" for column, expected in wrong.items()))
        self.wrong = dict(wrong)


class NotThereError(Exception):
    """There is no such record, or it is retired. The message says which."""


@dataclass(frozen=True)
class Written:
    """``version`` is None where nothing differed. ``warnings`` are what is odd about what was written."""

    version: DirectoryVersion | None
    warnings: tuple[str, ...]
    record: Record


def lock_school(session: Session, school_id: str) -> Stored:
    """What one school has in the directory, for this transaction to change alone: no import and nobody else writes.

    Raises NotThereError where there is no such school."""
    keep_imports_out(session)
    locked = session.get(School, school_id, with_for_update={"key_share": True}, populate_existing=True)
    if locked is None:
        raise NotThereError(say("There is no school %(school)s.", school=school_id))
    return read_stored(session, school_id)


def list_current(stored: Stored) -> Records:
    """All that is not retired, to be changed into what is wanted."""
    return {
        noun: {key: record for key, record in stored.records[noun].items() if (noun, key) not in stored.retired}
        for noun in Noun
    }


def write_wanted(
    session: Session, stored: Stored, wanted: Records, actor: str, reason: str, marks: Marks
) -> DirectoryVersion | None:
    """Bring a locked school into step with ``wanted``, and remember ``marks`` as changed by hand. None where nothing
    differs: then nothing is written."""
    plan = compare(stored, Directory(wanted))
    if not plan.changes:
        return None
    version = write_plan(session, plan, _name_source(plan), actor, reason)
    for (noun, key), columns in marks.items():
        row = _find_row(session, stored, noun, key)
        row.edited = tuple(sorted({*row.edited, *columns}))
        row.edits += 1
    session.flush()
    return version


def _find_row(session: Session, stored: Stored, noun: Noun, key: Key) -> Any:
    number: Any = stored.ids.get((noun, key))
    if noun is Noun.campus and number is None:  # it was added a moment ago
        return session.query(Campus).filter_by(school_id=key[0], name=key[1]).one()
    return session.get_one(MODELS[noun], number if noun is Noun.campus else key[0])


def _name_source(plan: Plan) -> Source:
    told = [[change.noun, change.action, change.record.key, sorted(change.fields)] for change in plan.changes]
    return Source.of(SOURCE, json.dumps(told).encode(), VersionKind.by_hand)
