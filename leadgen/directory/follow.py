"""Give a record back to the file: from the next import on, it is again what the file says."""

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.directory.by_hand import MODELS, NotThereError, lock_school
from leadgen.directory.records import Key, Noun
from leadgen.marks import say
from leadgen.models import Subject


def follow_file(session: Session, school_id: str, noun: Noun, key: Key, actor: str) -> tuple[str, ...]:
    """Forget what was changed by hand of a record; gives the columns that were. Nothing else changes now.

    Raises NotThereError."""
    stored = lock_school(session, school_id)
    if key not in stored.records[noun]:
        raise NotThereError(say("There is no %(noun)s %(name)s.", noun=noun, name=key[-1]))
    row = session.get_one(MODELS[noun], stored.ids.get((noun, key), key[0]), populate_existing=True)
    columns: tuple[str, ...] = row.edited
    if columns:
        row.edited = ()
        row.edits += 1
        session.flush()
        data = {"what": key[-1], "given_back": list(columns)}
        history.append(session, Subject.school, school_id, history.Line(f"{noun}.given_back", actor, data))
    return columns
