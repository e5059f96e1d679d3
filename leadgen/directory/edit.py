"""Edit a record by hand. Two who edit the same at once: the second is told what the first changed."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from leadgen.directory.about import find_last
from leadgen.directory.by_hand import (
    EditError,
    NotThereError,
    Records,
    Written,
    list_current,
    lock_school,
    write_wanted,
)
from leadgen.directory.columns import BY_NOUN
from leadgen.directory.draft import Cells, Draft, draft_campus, draft_offering, draft_school
from leadgen.directory.kept import CONTACT, ENDPOINTS
from leadgen.directory.receiving import NOTICES_BOX, make_notice_box
from leadgen.directory.records import (
    CampusRecord,
    EndpointRecord,
    Key,
    Noun,
    OfferingRecord,
    Record,
    SchoolRecord,
    Stored,
)
from leadgen.directory.stored import read_stored
from leadgen.directory.written import write_cells
from leadgen.marks import say
from leadgen.models import Event, Takes

# what names a record, or is changed by an act with a reason of its own, is no part of an edit
FIXED = {
    Noun.school: frozenset({"school_id", "delivery", "deliver_to", "status", "paused_until"}),
    Noun.campus: frozenset({"school_id", "campus"}),
    Noun.offering: frozenset({"offering_id"}),
}
# a point belongs to its ZIP code: an import must not put one beside the other
PLACE = frozenset({"zip", "latitude", "longitude"})


class ChangedMeanwhileError(Exception):
    """Somebody changed the record since it was read. ``differences``: what each column was, and what it is now;
    ``now``: all its cells; ``last``: the line of history that tells who and when, where there is one."""

    def __init__(self, differences: dict[str, tuple[str, str]], now: dict[str, str], last: Event | None) -> None:
        super().__init__("It was changed meanwhile: " + ", ".join(differences))
        self.differences, self.now, self.last = differences, now, last


def list_editable(noun: Noun) -> tuple[str, ...]:
    """The columns that an edit may change; an offering may move to another campus."""
    own = tuple(column.name for column in BY_NOUN[noun] if column.name not in FIXED[noun])
    return ("campus", *own) if noun is Noun.offering else own


def read_editable(session: Session, school_id: str, noun: Noun, key: Key) -> dict[str, str]:
    """The cells of a record as they are now, to be edited. Raises NotThereError."""
    return _pick(noun, _require(read_stored(session, school_id), noun, key))


def edit_record(
    session: Session, school_id: str, noun: Noun, key: Key, cells: Cells, seen: Cells, actor: str
) -> Written:
    """Write the cells that a person typed over those that were ``seen``.

    Raises NotThereError, ChangedMeanwhileError where it is no longer as seen, EditError where a cell is wrong."""
    stored = lock_school(session, school_id)
    old = _require(stored, noun, key)
    _compare_with_seen(session, school_id, noun, old, seen)
    wanted = list_current(stored)
    record, draft = _draft(old, {**_pick(noun, old), **cells}, wanted)
    if record is None or draft.wrong:
        raise EditError(draft.wrong)
    wanted[noun][key] = record
    _follow(stored, wanted, old, record)
    marks = {(noun, key): _list_changed(old, record)}
    version = write_wanted(session, stored, wanted, actor, "", marks)
    return Written(version, tuple(draft.warnings), record)


def _require(stored: Stored, noun: Noun, key: Key) -> Record:
    record = stored.records[noun].get(key)
    if record is None:
        raise NotThereError(say("There is no %(noun)s %(name)s.", noun=noun, name=key[-1]))
    if (noun, key) in stored.retired:
        raise NotThereError(
            say("The %(noun)s %(name)s is retired. Resume it before you edit it.", noun=noun, name=key[-1])
        )
    return record


def _pick(noun: Noun, record: Record) -> dict[str, str]:
    cells = write_cells(noun, record)
    return {name: cells[name] for name in list_editable(noun)}


def _compare_with_seen(session: Session, school_id: str, noun: Noun, record: Record, seen: Cells) -> None:
    now = _pick(noun, record)
    differences = {name: (seen[name], cell) for name, cell in now.items() if seen.get(name, cell) != cell}
    if differences:
        raise ChangedMeanwhileError(differences, now, find_last(session, school_id, noun, [record.key[-1]]))


def _draft(old: Record, cells: Cells, wanted: Records) -> tuple[Record | None, Draft]:
    if isinstance(old, CampusRecord):
        return draft_campus(old.school_id, old.name, cells)
    if isinstance(old, OfferingRecord):
        record, draft = draft_offering(old.school_id, old.id, cells, wanted[Noun.campus])
        return (replace(record, **_pick_facts(old)) if record else None), draft
    assert isinstance(old, SchoolRecord)
    campuses = [each for each in wanted[Noun.campus].values() if isinstance(each, CampusRecord)]
    programs = {each.program for each in wanted[Noun.offering].values() if isinstance(each, OfferingRecord)}
    return draft_school(old, cells, campuses, programs)


def _pick_facts(old: OfferingRecord) -> dict[str, Any]:
    """What the federal files say of it, which nobody edits."""
    return {"award_level": old.award_level, "awards": old.awards, "awards_year": old.awards_year}


def _follow(stored: Stored, wanted: Records, old: Record, record: Record) -> None:
    """What follows from an edit: offerings lie where their campus lies; a form's mail box is the contact's."""
    if isinstance(record, CampusRecord):
        for key, each in wanted[Noun.offering].items():
            if isinstance(each, OfferingRecord) and each.campus == record.name:
                wanted[Noun.offering][key] = replace(each, latitude=record.latitude, longitude=record.longitude)
    elif getattr(record, CONTACT, None) != getattr(old, CONTACT, None):
        _move_notice_box(stored, wanted, record.school_id, getattr(record, CONTACT))


def _move_notice_box(stored: Stored, wanted: Records, school_id: str, contact_email: str | None) -> None:
    forms = [e for e in wanted[Noun.endpoint].values() if isinstance(e, EndpointRecord) and e.takes is Takes.leads]
    if not forms or ENDPOINTS in stored.edited.get((Noun.school, (school_id,)), ()):
        return
    wanted[Noun.endpoint].pop((school_id, *NOTICES_BOX), None)
    if contact_email:
        box = make_notice_box(school_id, contact_email)
        wanted[Noun.endpoint][box.key] = box


def _list_changed(old: Record, new: Record) -> frozenset[str]:
    changed = frozenset(name for name in new.__dataclass_fields__ if getattr(old, name) != getattr(new, name))
    if isinstance(new, OfferingRecord):
        return changed - {"latitude", "longitude"}
    return changed | (PLACE if isinstance(new, CampusRecord) and changed & PLACE else frozenset())
