"""The journal of the directory: each version with who made it and every change, so that it can be told and undone."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.database import insert_rows
from leadgen.directory.plan import Change, Plan
from leadgen.models import DirectoryChange, DirectoryVersion, VersionKind

IMPORTS = (VersionKind.file, VersionKind.ipeds)


def write_changes(session: Session, plan: Plan, version_id: int) -> None:
    """Note every change of a version."""
    insert_rows(session, DirectoryChange, [_note(change, version_id) for change in plan.changes])


def list_versions(session: Session, *, limit: int, kinds: Sequence[VersionKind] = ()) -> list[DirectoryVersion]:
    """The newest versions first."""
    query = select(DirectoryVersion).order_by(DirectoryVersion.id.desc()).limit(limit)
    return list(session.scalars(query.where(DirectoryVersion.kind.in_(kinds)) if kinds else query))


def find_undone(session: Session, version_ids: Sequence[int]) -> dict[int, int]:
    """Which of these versions were undone, and by which."""
    query = select(DirectoryVersion.undoes_id, DirectoryVersion.id).where(DirectoryVersion.undoes_id.in_(version_ids))
    return {undone: by for undone, by in session.execute(query) if undone is not None}


def count_changes(session: Session, version_id: int) -> int:
    """How many changes the journal holds of a version: none of those made before there was one."""
    query = select(func.count()).select_from(DirectoryChange).where(DirectoryChange.version_id == version_id)
    return session.scalar(query) or 0


def read_changes(session: Session, version_id: int, *, limit: int | None = None) -> Iterator[DirectoryChange]:
    """The changes of a version, in the order in which they were made."""
    query = select(DirectoryChange).where(DirectoryChange.version_id == version_id).order_by(DirectoryChange.id)
    return iter(session.scalars(query.limit(limit)))


def _note(change: Change, version_id: int) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "noun": str(change.noun),
        "action": str(change.action),
        "school_id": change.record.school_id,
        "key": list(change.record.key),
        "fields": {name: [_plain(old), _plain(new)] for name, (old, new) in change.fields.items()},
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float) else to_jsonable_python(value)
