"""Undo the last import: what it created is retired, what it changed is as before, what it retired is back.

Nothing is deleted: leads refer to it. What the desk changed since stays as the desk has it, and the report says so."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from leadgen.directory.journal import IMPORTS, count_changes, read_changes
from leadgen.directory.kept import keep_edits
from leadgen.directory.plan import Action, Plan, compare
from leadgen.directory.records import (
    CampusRecord,
    Directory,
    EndpointRecord,
    Key,
    Noun,
    OfferingRecord,
    Record,
    SchoolRecord,
    Stored,
)
from leadgen.directory.stored import read_stored
from leadgen.directory.sync import Source, lock_imports, write_plan
from leadgen.marks import say
from leadgen.models import DirectoryChange, DirectoryVersion, VersionKind

_READERS: dict[Noun, TypeAdapter[Any]] = {
    Noun.school: TypeAdapter(SchoolRecord),
    Noun.campus: TypeAdapter(CampusRecord),
    Noun.endpoint: TypeAdapter(EndpointRecord),
    Noun.offering: TypeAdapter(OfferingRecord),
}

Records = dict[Noun, dict[Key, Record]]


class NothingToUndoError(Exception):
    """There is no import that could be undone. The message says why."""


def find_last_import(session: Session) -> DirectoryVersion:
    """The newest import that was not undone yet; no other import runs until this transaction ends.

    Raises NothingToUndoError."""
    lock_imports(session)
    later = aliased(DirectoryVersion)
    undone = select(later.id).where(later.undoes_id == DirectoryVersion.id).exists()
    query = select(DirectoryVersion).where(DirectoryVersion.kind.in_(IMPORTS), ~undone)
    version = session.scalars(query.order_by(DirectoryVersion.id.desc()).limit(1)).first()
    if version is None:
        raise NothingToUndoError(say("There is no import to undo."))
    if not count_changes(session, version.id):
        raise NothingToUndoError(
            say("Version %(version)s was made before changes were noted. Import the earlier file.", version=version.id)
        )
    return version


def plan_undo(session: Session, version: DirectoryVersion) -> Plan:
    """What undoing this version would do. Writes nothing."""
    stored = read_stored(session)
    wanted = _list_before(stored, read_changes(session, version.id))
    without, kept = keep_edits(stored, Directory(wanted))
    return replace(compare(stored, without), kept=kept)


def write_undo(session: Session, version: DirectoryVersion, plan: Plan, actor: str) -> DirectoryVersion:
    """Undo it: a version of its own, also where the desk has changed everything since, so that it counts as undone."""
    return write_plan(session, plan, name_undo(version), actor)


def name_undo(version: DirectoryVersion) -> Source:
    """The source of the version that undoes this one."""
    return Source(f"undo of version {version.id}", version.sha256, VersionKind.undo, undoes_id=version.id)


def _list_before(stored: Stored, changes: Any) -> Records:
    records: Records = {
        noun: {key: each for key, each in there.items() if (noun, key) not in stored.retired}
        for noun, there in stored.records.items()
    }
    for change in changes:
        noun, key = Noun(change.noun), tuple(change.key)
        if change.action in (Action.created, Action.restored):
            records[noun].pop(key, None)
        elif (old := stored.records[noun].get(key)) is not None:
            records[noun][key] = _give_back(noun, old, change)
    return records


def _give_back(noun: Noun, record: Record, change: DirectoryChange) -> Record:
    before = {name: old for name, (old, _new) in change.fields.items()}
    there: dict[str, Any] = to_jsonable_python(record)
    found: Record = _READERS[noun].validate_python(there | before)
    return found
