"""Each import touches only what is its own: that of the operator's file, or that of the federal files. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.records import Directory, Noun, OfferingRecord, SchoolRecord, Stored
from leadgen.models import Origin


def pick_origin(stored: Stored, origin: Origin) -> Stored:
    """What is stored of the schools of one origin."""
    own = {
        each.id
        for each in stored.records[Noun.school].values()
        if isinstance(each, SchoolRecord) and each.origin is origin
    }
    records = {
        noun: {key: record for key, record in there.items() if record.school_id in own}
        for noun, there in stored.records.items()
    }
    edited = {(noun, key): columns for (noun, key), columns in stored.edited.items() if key in records[noun]}
    return replace(stored, records=records, edited=edited)


def refuse_foreign_ids(stored: Stored, wanted: Directory, origin: Origin) -> None:
    """Raise DirectoryError where a file takes the id of a school, or of an offering, of the other origin."""
    if faults := list(_find_foreign(stored, pick_origin(stored, origin), wanted)):
        raise DirectoryError(faults)


def _find_foreign(stored: Stored, own: Stored, wanted: Directory) -> Iterator[Fault]:
    first = {
        each.school_id: wanted.lines.get(each.id, 0)
        for each in reversed(list(wanted.records[Noun.offering].values()))
        if isinstance(each, OfferingRecord)
    }
    for noun, column in ((Noun.school, "school_id"), (Noun.offering, "offering_id")):
        for key in wanted.records[noun]:
            if key in stored.records[noun] and key not in own.records[noun]:
                line = first.get(key[0], 0) if noun is Noun.school else wanted.lines.get(key[0], 0)
                expected = "an id of your own; this one is the federal listing's, which the unitid alone joins"
                yield Fault(line, column, key[0], expected)
