"""Cells typed by hand become a record, by the rules of a file; or it is said what is wrong with each of them. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from leadgen.directory.columns import BY_NOUN, EMPTY, read_cells
from leadgen.directory.faults import Fault
from leadgen.directory.places import place_campus
from leadgen.directory.records import CampusRecord, Key, Noun, OfferingRecord, Record, SchoolRecord, Warned
from leadgen.directory.settling import check_parts, settle_campus, warn_of_no_states
from leadgen.marks import say

Cells = Mapping[str, str]
NO_ZONE = say("a time zone like America/Chicago; the ZIP code of the first campus does not tell it")
NO_CAMPUS = say("a campus of this school that is in use")


@dataclass
class Draft:
    """``values`` by column. ``wrong``: what belongs in each column that is wrong; ``warnings``: what is odd."""

    values: dict[str, Any]
    wrong: dict[str, str]
    warnings: list[str] = field(default_factory=list)

    def note(self, found: Iterable[Fault | Warned]) -> None:
        """Take down what settling the values brought up. The first fault of a column is the one that counts."""
        for each in found:
            if isinstance(each, Fault):
                self.wrong.setdefault(each.column, each.expected)
            else:
                column = each.column.replace("_", " ").capitalize()
                self.warnings.append(say("%(column)s %(message)s.", column=column, message=each.message))


def draft_school(
    old: SchoolRecord, cells: Cells, campuses: Sequence[CampusRecord], programs: Collection[str]
) -> tuple[SchoolRecord, Draft]:
    """The school as edited. Without a time zone it has that of its first campus."""
    draft = Draft(*read_cells(Noun.school, tidy(cells)))
    if "timezone" in cells and not cells["timezone"]:
        first = next(iter(campuses), None)
        draft.values["timezone"] = place_campus(first.zip, first.state, None).timezone if first else None
        if draft.values["timezone"] is None:
            draft.wrong["timezone"] = NO_ZONE
    values = {"name" if name == "school" else name: value for name, value in draft.values.items()}
    record = old if draft.wrong else replace(old, **values)
    draft.note(check_parts(0, record, [campus.name for campus in campuses], programs))
    return record, draft


def draft_campus(school_id: str, name: str, cells: Cells) -> tuple[CampusRecord | None, Draft]:
    """The campus that the cells describe, under this name."""
    cells = _complete(Noun.campus, {**cells, "campus": name})
    draft = Draft(*read_cells(Noun.campus, cells))
    if not draft.wrong:
        draft.note(settle_campus(0, cells, draft.values))
    if draft.wrong:
        return None, draft
    values = {column: value for column, value in draft.values.items() if column not in ("campus", "zone")}
    return CampusRecord(school_id, name, **values), draft


def draft_offering(
    school_id: str, offering_id: str, cells: Cells, campuses: Mapping[Key, Record]
) -> tuple[OfferingRecord | None, Draft]:
    """The offering that the cells describe, under this id, where its campus is."""
    cells = _complete(Noun.offering, {**cells, "offering_id": offering_id})
    draft = Draft(*read_cells(Noun.offering, cells))
    campus = campuses.get((school_id, cells.get("campus", "")))
    if not isinstance(campus, CampusRecord):
        draft.wrong["campus"] = NO_CAMPUS if cells.get("campus") else EMPTY
    if draft.wrong or not isinstance(campus, CampusRecord):
        return None, draft
    draft.note(warn_of_no_states(0, draft.values))
    values = {column: value for column, value in draft.values.items() if column != "offering_id"}
    values |= {"campus": campus.name, "latitude": campus.latitude, "longitude": campus.longitude}
    return OfferingRecord(id=offering_id, school_id=school_id, **values), draft


def tidy(cells: Cells) -> dict[str, str]:
    """The cells without blanks around them or lines inside, as a file's are."""
    return {name: " ".join(cell.split()) for name, cell in cells.items()}


def _complete(noun: Noun, cells: Cells) -> dict[str, str]:
    return {column.name: "" for column in BY_NOUN[noun]} | tidy(cells)
