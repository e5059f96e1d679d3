"""``schools.csv`` to records, or every fault of it at once. Pure: bytes in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from leadgen.directory.columns import BY_NOUN, read_cells
from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.records import (
    CampusRecord,
    Directory,
    Key,
    Noun,
    OfferingRecord,
    Record,
    SchoolRecord,
    Warned,
)
from leadgen.directory.settling import Cells, Values, check_parts, settle_campus, settle_school, warn_of_no_states
from leadgen.directory.table import read_table


def read_directory(data: bytes) -> Directory:
    """All records of a file. Raises DirectoryError with everything that is wrong in it."""
    lines, faults = read_table(data)
    reading = _Reading(faults)
    for number, cells in lines:
        reading.read_line(number, cells)
    if not reading.faults:
        reading.check_parts()
    if reading.faults:
        raise DirectoryError(reading.faults)
    return Directory(reading.records, reading.lines, tuple(reading.warnings))


@dataclass(frozen=True)
class _First:
    """The first line of a school or a campus: what later lines must agree with."""

    line: int
    cells: tuple[str, ...]
    values: Values


@dataclass
class _Reading:
    faults: list[Fault]
    warnings: list[Warned] = field(default_factory=list)
    records: dict[Noun, dict[Key, Record]] = field(default_factory=lambda: {noun: {} for noun in Noun})
    lines: dict[str, int] = field(default_factory=dict)
    firsts: dict[tuple[Noun, Key], _First] = field(default_factory=dict)

    def read_line(self, line: int, cells: Cells) -> None:
        campus = self._read_campus(line, cells)
        school = self._read_school(line, cells, campus)
        offering = self._read_cells(Noun.offering, line, cells)
        self._check_offering_id(line, cells["offering_id"])
        if not self.faults:
            self._keep(school, campus, offering)
            self._warn_of_no_states(line, offering)

    def check_parts(self) -> None:
        """Once everything is read: caps are of campuses and programs that the school has."""
        capped = [each for each in self.records[Noun.school].values() if isinstance(each, SchoolRecord)]
        for school in (each for each in capped if each.part_caps):
            campuses = [key[1] for key in self.records[Noun.campus] if key[0] == school.id]
            programs = {
                each.program
                for each in self.records[Noun.offering].values()
                if isinstance(each, OfferingRecord) and each.school_id == school.id
            }
            line = self.firsts[Noun.school, school.key].line
            self.faults.extend(check_parts(line, school, campuses, programs))

    def _read_campus(self, line: int, cells: Cells) -> Values:
        key = (cells["school_id"], cells["campus"])
        if first := self._find_first(Noun.campus, key, line, cells):
            return first.values
        values = self._read_cells(Noun.campus, line, cells)
        for found in settle_campus(line, cells, values):
            self._note(found)
        return self._set_first(Noun.campus, key, line, cells, values)

    def _read_school(self, line: int, cells: Cells, campus: Values) -> Values:
        key = (cells["school_id"],)
        if first := self._find_first(Noun.school, key, line, cells):
            return first.values
        values = self._read_cells(Noun.school, line, cells)
        self.faults.extend(settle_school(line, cells, values, campus))
        return self._set_first(Noun.school, key, line, cells, values)

    def _find_first(self, noun: Noun, key: Key, line: int, cells: Cells) -> _First | None:
        """The first line with this key; its cells are not read again, only compared."""
        first = self.firsts.get((noun, key))
        if first and (own := _pick(noun, cells)) != first.cells:
            for column, here, there in zip(BY_NOUN[noun], own, first.cells, strict=True):
                if here != there:
                    expected = f"{there!r}, as on line {first.line} of the same {noun}"
                    self.faults.append(Fault(line, column.name, here, expected))
        return first

    def _set_first(self, noun: Noun, key: Key, line: int, cells: Cells, values: Values) -> Values:
        self.firsts[noun, key] = _First(line, _pick(noun, cells), values)
        return values

    def _read_cells(self, noun: Noun, line: int, cells: Cells) -> Values:
        values, wrong = read_cells(noun, cells)
        self.faults.extend(Fault(line, column, cells[column], expected) for column, expected in wrong.items())
        return values

    def _check_offering_id(self, line: int, offering_id: str) -> None:
        first = self.lines.setdefault(offering_id, line)
        if offering_id and first != line:
            expected = f"an offering_id of its own; line {first} has the same"
            self.faults.append(Fault(line, "offering_id", offering_id, expected))

    def _keep(self, school: Values, campus: Values, offering: Values) -> None:
        if (school["school_id"],) not in self.records[Noun.school]:
            self._add(Noun.school, [_make_school(school)])
            self._add(Noun.endpoint, school["endpoints"])
        if (school["school_id"], campus["campus"]) not in self.records[Noun.campus]:
            self._add(Noun.campus, [_make_campus(school, campus)])
        self._add(Noun.offering, [_make_offering(school, campus, offering)])

    def _add(self, noun: Noun, records: Iterable[Record]) -> None:
        self.records[noun].update((record.key, record) for record in records)

    def _warn_of_no_states(self, line: int, offering: Values) -> None:
        self.warnings.extend(warn_of_no_states(line, offering))

    def _note(self, found: Fault | Warned) -> None:
        if isinstance(found, Fault):
            self.faults.append(found)
        else:
            self.warnings.append(found)


def _pick(noun: Noun, cells: Cells) -> tuple[str, ...]:
    return tuple(cells[column.name] for column in BY_NOUN[noun])


WHEN = ("opening_hours", "paused_until")
CAPS = ("daily_cap", "weekly_cap", "monthly_cap", "total_cap", "part_caps", "price_per_lead_usd")


def _make_school(school: Values) -> SchoolRecord:
    same = ("unitid", "accreditor", "website", "timezone", "contact_email", "status", "route", *CAPS, *WHEN)
    return SchoolRecord(id=school["school_id"], name=school["school"], **{name: school[name] for name in same})


def _make_campus(school: Values, campus: Values) -> CampusRecord:
    same = ("address", "city", "state", "zip", "latitude", "longitude")
    return CampusRecord(school["school_id"], campus["campus"], **{name: campus[name] for name in same})


def _make_offering(school: Values, campus: Values, offering: Values) -> OfferingRecord:
    return OfferingRecord(
        id=offering["offering_id"],
        school_id=school["school_id"],
        campus=campus["campus"],
        latitude=campus["latitude"],
        longitude=campus["longitude"],
        **{name: value for name, value in offering.items() if name != "offering_id"},
    )
