"""What was changed at the desk stays: an import reads its file as if that said the same. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from leadgen.directory.plan import Action, Change
from leadgen.directory.receiving import NOTICES_BOX
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
from leadgen.models import Takes

# words in ``edited`` that name no column: whether the record is in the directory, and a school's endpoints as a whole
STANDING = "retired"
ENDPOINTS = "endpoints"
CONTACT = "contact_email"
PRICE = "price_per_lead_usd"


def keep_edits(stored: Stored, wanted: Directory) -> tuple[Directory, tuple[Change, ...]]:
    """The directory that the file asks for, without what the desk decided, and a line for each difference left out.

    A school that the desk keeps although the file no longer names it stays with all that it has.
    """
    keeping = _Keeping(stored, {noun: dict(wanted.records[noun]) for noun in Noun}, [])
    for noun in (Noun.school, Noun.campus, Noun.offering):
        for (of, key), edited in stored.edited.items():
            if of is noun:
                keeping.keep(noun, key, edited)
        if noun is Noun.school:
            keeping.keep_whole_schools(wanted)
    keeping.settle_prices(wanted)
    keeping.keep_endpoints()
    keeping.settle_campuses()
    return replace(wanted, records=keeping.records), tuple(keeping.kept)


@dataclass
class _Keeping:
    stored: Stored
    records: dict[Noun, dict[Key, Record]]
    kept: list[Change]

    def keep(self, noun: Noun, key: Key, edited: frozenset[str]) -> None:
        """One record of which the desk changed something."""
        old, new = self.stored.records[noun][key], self.records[noun].get(key)
        is_retired = (noun, key) in self.stored.retired
        if STANDING in edited and (new is None) is not is_retired:
            self._note(noun, old, {STANDING: (is_retired, not is_retired)})
        if new is None:
            if STANDING in edited and not is_retired:
                self.records[noun][key] = old
        elif STANDING in edited and is_retired:
            del self.records[noun][key]
        else:
            self.records[noun][key] = self._keep_fields(noun, old, new, edited)

    def settle_prices(self, wanted: Directory) -> None:
        """A cap in dollars keeps the price of a lead beside it, though one is the desk's and the other the file's."""
        for key, record in self.records[Noun.school].items():
            assert isinstance(record, SchoolRecord)
            if record.has_money_cap and record.price_per_lead_usd is None:
                known = (there[Noun.school].get(key) for there in (self.stored.records, wanted.records))
                price = next((p for each in known if (p := getattr(each, PRICE, None)) is not None), None)
                self.records[Noun.school][key] = replace(record, price_per_lead_usd=price)
                self._note(Noun.school, record, {PRICE: (price, None)})

    def keep_whole_schools(self, wanted: Directory) -> None:
        """What belongs to schools that the file does not name and that stay."""
        staying = self.records[Noun.school].keys() - wanted.records[Noun.school].keys()
        for noun in (Noun.campus, Noun.endpoint, Noun.offering) if staying else ():
            for record in self._list_there(noun):
                if (record.school_id,) in staying:
                    self.records[noun].setdefault(record.key, record)

    def keep_endpoints(self) -> None:
        """The endpoints of a school whose endpoints, or whose notice box, the desk changed."""
        for (noun, key), edited in self.stored.edited.items():
            if noun is Noun.school and key in self.records[Noun.school]:
                if ENDPOINTS in edited:
                    self._keep_endpoints_of(key[0])
                elif CONTACT in edited:
                    self._keep_notice_box(key[0])

    def settle_campuses(self) -> None:
        """Offerings lie where their campus lies, and none is left at a campus that the desk took away."""
        campuses = self.records[Noun.campus]
        for key, record in list(self.records[Noun.offering].items()):
            assert isinstance(record, OfferingRecord)
            campus = campuses.get((record.school_id, record.campus)) or self._find_needed_campus(record)
            if isinstance(campus, CampusRecord):
                if (record.latitude, record.longitude) != (campus.latitude, campus.longitude):
                    moved = replace(record, latitude=campus.latitude, longitude=campus.longitude)
                    self.records[Noun.offering][key] = moved
            else:
                self._leave_out(key, record)

    def _keep_fields(self, noun: Noun, old: Record, new: Record, edited: frozenset[str]) -> Record:
        stays = {each.name: getattr(old, each.name) for each in fields(old) if each.name in edited}
        told = {name: (value, getattr(new, name)) for name, value in stays.items() if getattr(new, name) != value}
        if told:
            self._note(noun, old, told)
        return replace(new, **stays)

    def _keep_endpoints_of(self, school_id: str) -> None:
        there = {record.key: record for record in self._list_there(Noun.endpoint) if record.school_id == school_id}
        asked = {key: each for key, each in self.records[Noun.endpoint].items() if each.school_id == school_id}
        if asked and asked != there:
            told = {ENDPOINTS: (_name_all(there), _name_all(asked))}
            self._note(Noun.school, self.stored.records[Noun.school][school_id,], told)
        for key in asked:
            del self.records[Noun.endpoint][key]
        self.records[Noun.endpoint].update(there)

    def _keep_notice_box(self, school_id: str) -> None:
        box = (school_id, *NOTICES_BOX)
        asked = [key for key in self.records[Noun.endpoint] if key[0] == school_id and key[2] == Takes.leads]
        there = self.stored.records[Noun.endpoint].get(box)
        if there is not None and (Noun.endpoint, box) not in self.stored.retired and asked:
            self.records[Noun.endpoint][box] = there
        else:
            self.records[Noun.endpoint].pop(box, None)

    def _find_needed_campus(self, offering: OfferingRecord) -> Record | None:
        """A campus that the file no longer names, under an offering that stays."""
        key = (offering.school_id, offering.campus)
        found = self.stored.records[Noun.campus].get(key)
        if found is None or (Noun.campus, key) in self.stored.retired:
            return None
        self.records[Noun.campus][key] = found
        return found

    def _leave_out(self, key: Key, record: OfferingRecord) -> None:
        old = self.stored.records[Noun.offering].get(key)
        if old is None or (Noun.offering, key) in self.stored.retired:
            del self.records[Noun.offering][key]
        else:
            self.records[Noun.offering][key] = old
        self._note(Noun.offering, old or record, {"campus": (getattr(old, "campus", None), record.campus)})

    def _list_there(self, noun: Noun) -> Iterator[Any]:
        for key, record in self.stored.records[noun].items():
            if (noun, key) not in self.stored.retired:
                yield record

    def _note(self, noun: Noun, record: Record, told: dict[str, tuple[Any, Any]]) -> None:
        self.kept.append(Change(noun, Action.kept, record, told))


def _name_all(endpoints: dict[Key, Any]) -> tuple[str, ...]:
    return tuple(_name(each) for each in endpoints.values())


def _name(endpoint: EndpointRecord) -> str:
    return f"{endpoint.kind} {endpoint.address}" if endpoint.address else str(endpoint.kind)
