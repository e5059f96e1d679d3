"""What a directory says: schools, campuses, endpoints and offerings, as plain values that can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from leadgen.caps import read_part_cap
from leadgen.models import Control, Credential, Education, EndpointKind, Format, Origin, Route, SchoolStatus, Takes

Key = tuple[str, ...]


class Noun(StrEnum):
    """The four kinds of records, in the order in which they refer to each other."""

    school = "school"
    campus = "campus"
    endpoint = "endpoint"
    offering = "offering"


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    id: str
    unitid: str | None
    name: str
    accreditor: str | None
    website: str | None
    timezone: str
    contact_email: str | None
    status: SchoolStatus
    daily_cap: int | None
    monthly_cap: int | None
    control: Control | None = None
    weekly_cap: int | None = None
    total_cap: int | None = None
    part_caps: tuple[str, ...] | None = None
    price_per_lead_usd: Decimal | None = None
    opening_hours: tuple[str, ...] | None = None
    paused_until: date | None = None
    route: Route = Route.all
    listed: bool = False
    origin: Origin = Origin.file

    @property
    def key(self) -> Key:
        return (self.id,)

    @property
    def school_id(self) -> str:
        return self.id

    @property
    def has_money_cap(self) -> bool:
        """Whether it needs the price of a lead."""
        return any(read_part_cap(each).in_cents for each in self.part_caps or ())


@dataclass(frozen=True, slots=True)
class CampusRecord:
    school_id: str
    name: str
    address: str | None
    city: str
    state: str
    zip: str
    latitude: float
    longitude: float

    @property
    def key(self) -> Key:
        return (self.school_id, self.name)


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """Known by school, kind and what it takes: another kind is another endpoint, another address is not."""

    school_id: str
    kind: EndpointKind
    takes: Takes
    address: str | None
    position: int

    @property
    def key(self) -> Key:
        return (self.school_id, self.kind.value, self.takes.value)


@dataclass(frozen=True, slots=True)
class OfferingRecord:
    """``campus`` is the campus's name; the coordinates are the campus's own."""

    id: str
    school_id: str
    campus: str
    program: str
    credential: Credential
    format: Format
    latitude: float
    longitude: float
    service_miles: int | None
    length_months: int | None
    tuition_usd: Decimal | None
    certifications: tuple[str, ...] | None
    min_age: int | None
    education: Education | None
    online_states: tuple[str, ...] | None
    schedule: tuple[str, ...] | None
    languages: tuple[str, ...] | None
    next_start: date | None
    award_level: int | None = None
    awards: int | None = None
    awards_year: int | None = None
    service_states: tuple[str, ...] | None = None
    service_zips: tuple[str, ...] | None = None
    clock_hours: int | None = None
    fees_usd: Decimal | None = None
    books_usd: Decimal | None = None
    exam_usd: Decimal | None = None

    @property
    def key(self) -> Key:
        return (self.id,)


Record = SchoolRecord | CampusRecord | EndpointRecord | OfferingRecord


@dataclass(frozen=True)
class Warned:
    """Something odd that does not stop an import."""

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.value!r} {self.message}"


@dataclass(frozen=True)
class Directory:
    """All records of one file by noun and key, and the line that each offering stands on."""

    records: Mapping[Noun, Mapping[Key, Record]]
    lines: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True)
class Stored:
    """All records that the database holds, retired ones too. ``ids`` are the numbers that it gave out, ``edited`` the
    columns that were changed at the desk, for those records that have some."""

    records: Mapping[Noun, Mapping[Key, Record]]
    retired: frozenset[tuple[Noun, Key]]
    ids: Mapping[tuple[Noun, Key], int]
    edited: Mapping[tuple[Noun, Key], frozenset[str]] = field(default_factory=dict)
