"""Brings the stored directory into step with a file: plan, then apply, in the caller's transaction."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.directory.chronicle import ACTOR, write_lines
from leadgen.directory.endpoints import seal_missing_secrets
from leadgen.directory.journal import write_changes
from leadgen.directory.kept import keep_edits
from leadgen.directory.origins import pick_origin, refuse_foreign_ids
from leadgen.directory.plan import Action, Plan, compare
from leadgen.directory.reader import read_directory
from leadgen.directory.records import Directory
from leadgen.directory.rows import forget_edits, write_rows
from leadgen.directory.showing import settle_showing
from leadgen.directory.stored import read_stored
from leadgen.directory.street import place_by_street
from leadgen.models import DirectoryVersion, Origin, Subject, VersionKind
from leadgen.vault import Vault

# any fixed number will do; it says "one import at a time" to PostgreSQL
IMPORT_LOCK = 7_463_001


@dataclass(frozen=True)
class Source:
    """The file that an import came from: its name without folders, and the SHA-256 of its bytes. ``details`` counts
    what was read and passed over; ``undoes_id`` is the version that is undone."""

    name: str
    sha256: str
    kind: VersionKind = VersionKind.file
    details: dict[str, Any] | None = None
    undoes_id: int | None = None

    @classmethod
    def of(cls, name: str, data: bytes, kind: VersionKind = VersionKind.file) -> "Source":
        return cls(name, sha256(data).hexdigest(), kind)


def import_directory(session: Session, name: str, data: bytes, vault: Vault | None = None) -> DirectoryVersion | None:
    """Read a file and apply it. Returns the new version, or None when nothing changed.

    Raises DirectoryError, with nothing written, when anything in the file is wrong. Without a vault the
    secrets of new webhook endpoints are left to `seal_missing_secrets`.
    """
    plan = plan_import(session, read_directory(data))
    return apply_plan(session, plan, Source.of(name, data), vault)


def plan_import(
    session: Session, directory: Directory, *, override: bool = False, origin: Origin = Origin.file
) -> Plan:
    """What importing ``directory`` would create, change, restore and retire, and what it leaves as the desk has it.
    Schools of another origin are not touched.

    With ``override`` the file holds there too, and nothing counts as changed at the desk any more. Writes nothing."""
    lock_imports(session)
    directory = place_by_street(session, directory)
    stored = read_stored(session)
    refuse_foreign_ids(stored, directory, origin)
    stored = pick_origin(stored, origin)
    without, kept = keep_edits(stored, directory)
    if override:
        return replace(compare(stored, directory), kept=kept, override=True)
    return replace(compare(stored, without), kept=kept)


def lock_imports(session: Session) -> None:
    """One import at a time, until this transaction ends, and nobody edits by hand meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})


def keep_imports_out(session: Session) -> None:
    """No import plans or writes until this transaction ends; several people at the desk may work at once."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": IMPORT_LOCK})


def apply_plan(
    session: Session, plan: Plan, source: Source, vault: Vault | None = None, actor: str = ACTOR
) -> DirectoryVersion | None:
    """Write what the plan says, with a version and lines of history. None, and no version, for an empty plan.

    Leads, deliveries and what was shown stay as they are: what vanished is retired, never deleted.
    """
    version = write_plan(session, plan, source, actor) if plan.changes else None
    if plan.override:
        forget_edits(session)
    if vault:
        seal_missing_secrets(session, vault)
    return version


def read_current_version(session: Session) -> int | None:
    """The number of the newest version; None before the first import."""
    return session.scalar(select(func.max(DirectoryVersion.id)))


def write_plan(session: Session, plan: Plan, source: Source, actor: str = ACTOR, reason: str = "") -> DirectoryVersion:
    """Write what a plan says, with a version and lines of history."""
    version = DirectoryVersion(
        imported_at=now(session),
        source=source.name,
        sha256=source.sha256,
        created=plan.count(Action.created).total(),
        changed=plan.count(Action.changed, Action.restored).total(),
        retired=plan.count(Action.retired).total(),
        kind=source.kind,
        actor=actor,
        details=source.details,
        undoes_id=source.undoes_id,
    )
    session.add(version)
    session.flush()
    write_rows(session, plan, version.id, version.imported_at)
    write_changes(session, plan, version.id)
    settle_showing(session)
    history.append_each(session, Subject.school, write_lines(plan, version.id, actor, reason), at=version.imported_at)
    session.expire_all()
    return version
