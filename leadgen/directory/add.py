"""Add a campus or an offering by hand. The next import keeps it, although its file does not name it."""

from sqlalchemy.orm import Session

from leadgen.directory.by_hand import EditError, Written, list_current, lock_school, write_wanted
from leadgen.directory.draft import Cells, Draft, draft_campus, draft_offering
from leadgen.directory.kept import STANDING
from leadgen.directory.records import CampusRecord, Key, Noun, Record, Stored
from leadgen.marks import say


def add_campus(session: Session, school_id: str, cells: Cells, actor: str) -> Written:
    """A new campus of a school. Raises NotThereError, EditError."""
    stored = lock_school(session, school_id)
    name = " ".join(cells.get("campus", "").split())
    record, draft = draft_campus(school_id, name, cells)
    _refuse_taken(stored, draft, Noun.campus, (school_id, name), "campus")
    return _add(session, stored, record, draft, actor)


def add_offering(session: Session, school_id: str, cells: Cells, actor: str) -> Written:
    """A new offering of a school. Raises NotThereError, EditError; IntegrityError where another school's has the id."""
    stored = lock_school(session, school_id)
    offering_id = cells.get("offering_id", "").strip()
    record, draft = draft_offering(school_id, offering_id, cells, list_current(stored)[Noun.campus])
    _refuse_taken(stored, draft, Noun.offering, (offering_id,), "offering_id")
    return _add(session, stored, record, draft, actor)


def _add(session: Session, stored: Stored, record: Record | None, draft: Draft, actor: str) -> Written:
    if record is None or draft.wrong:
        raise EditError(draft.wrong)
    noun = Noun.campus if isinstance(record, CampusRecord) else Noun.offering
    wanted = list_current(stored)
    wanted[noun][record.key] = record
    version = write_wanted(session, stored, wanted, actor, "", {(noun, record.key): {STANDING}})
    return Written(version, tuple(draft.warnings), record)


def _refuse_taken(stored: Stored, draft: Draft, noun: Noun, key: Key, column: str) -> None:
    if (noun, key) in stored.retired:
        draft.wrong[column] = say("another; there is a retired %(noun)s of this name, which you can resume", noun=noun)
    elif key in stored.records[noun]:
        draft.wrong[column] = say("another; there is a %(noun)s of this name already", noun=noun)
