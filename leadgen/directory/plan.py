"""What an import would create, change, restore, retire and keep. Pure: two directories in, a list of changes out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.records import Directory, Key, Noun, OfferingRecord, Record, Stored


class Action(StrEnum):
    """``restored`` is a retired record that the file names again; ``kept`` one that the desk changed, so that the
    file does not."""

    created = "created"
    changed = "changed"
    restored = "restored"
    retired = "retired"
    kept = "kept"


@dataclass(frozen=True)
class Change:
    """One record that an import touches. ``fields`` gives what it held and what it will hold; of one that is kept,
    what it holds and what the file says."""

    noun: Noun
    action: Action
    record: Record
    fields: Mapping[str, tuple[Any, Any]]

    @property
    def name(self) -> str:
        """The record's own words: an id, a campus's name, an endpoint's kind and what it takes."""
        key = self.record.key
        return " ".join(key[1:] or key)


@dataclass(frozen=True)
class Plan:
    """All changes, schools first. ``ids`` are the numbers of the rows that are already there. ``kept`` is what the
    file says otherwise than the desk: it is told, and not written, unless ``override`` lets the file hold there too."""

    changes: tuple[Change, ...]
    ids: Mapping[tuple[Noun, Key], int]
    kept: tuple[Change, ...] = ()
    override: bool = False

    def count(self, *actions: Action) -> Counter[Noun]:
        """How many records of each noun meet one of these actions."""
        return Counter(change.noun for change in self.changes if change.action in actions)

    def select(self, noun: Noun, *actions: Action) -> list[Change]:
        """The changes to one noun, by action."""
        return [change for change in self.changes if change.noun is noun and change.action in actions]


def compare(stored: Stored, wanted: Directory) -> Plan:
    """The changes that bring ``stored`` into step with ``wanted``.

    Raises DirectoryError where an offering would move to another school: what was shown under its id
    was the other school's.
    """
    _refuse_moved_offerings(stored, wanted)
    changes = [change for noun in Noun for change in _compare_noun(noun, stored, wanted)]
    return Plan(tuple(changes), stored.ids)


def _compare_noun(noun: Noun, stored: Stored, wanted: Directory) -> Iterator[Change]:
    there = stored.records[noun]
    for key, record in wanted.records[noun].items():
        old = there.get(key)
        if old is None:
            yield Change(noun, Action.created, record, {})
        elif (noun, key) in stored.retired:
            yield Change(noun, Action.restored, record, _list_differences(old, record))
        elif old != record:
            yield Change(noun, Action.changed, record, _list_differences(old, record))
    for key, record in there.items():
        if key not in wanted.records[noun] and (noun, key) not in stored.retired and _may_retire(record, noun, wanted):
            yield Change(noun, Action.retired, record, {})


def _may_retire(record: Record, noun: Noun, wanted: Directory) -> bool:
    # the endpoints of a school that left stay, because withdrawals must still reach it
    return noun is not Noun.endpoint or (record.school_id,) in wanted.records[Noun.school]


def _list_differences(old: Record, new: Record) -> dict[str, tuple[Any, Any]]:
    pairs = ((field.name, getattr(old, field.name), getattr(new, field.name)) for field in fields(new))
    return {name: (before, after) for name, before, after in pairs if before != after}


def _refuse_moved_offerings(stored: Stored, wanted: Directory) -> None:
    faults = []
    for key, record in wanted.records[Noun.offering].items():
        old = stored.records[Noun.offering].get(key)
        if isinstance(record, OfferingRecord) and old is not None and old.school_id != record.school_id:
            expected = f"a new offering_id; this one belongs to school {old.school_id}"
            faults.append(Fault(wanted.lines.get(record.id, 0), "offering_id", record.id, expected))
    if faults:
        raise DirectoryError(faults)
