"""What a draft holds, as plain data: her answers, and the list of schools as shown to her."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any


@dataclass
class Person:
    """Who she is, as she typed it. ``phone`` is E.164 or empty; ``phone_typed`` is shown back to her. ``prefers`` is
    the way that suits her best (a channel), ``language`` what she would speak (``en``, ``es``); both empty where she
    did not say."""

    name: str = ""
    email: str = ""
    phone: str = ""
    phone_typed: str = ""
    contact_times: list[str] = field(default_factory=list)
    prefers: str = ""
    language: str = ""


@dataclass
class Answers:
    """Everything she has said so far. A key of ``channels`` is a school that she ticked; ``answered`` names the
    pages she has sent, ``latitude`` and ``longitude`` where her device is, where it told, ``full`` the schools that
    filled up before her last post, ``letters`` how often she had the way back sent
    to herself, and ``unticked`` those (by name) that she then let contact her in no way."""

    answered: list[str] = field(default_factory=list)
    program: str = ""
    credential: str = ""
    certifications: list[str] = field(default_factory=list)
    zip: str = ""
    latitude: float | None = None
    longitude: float | None = None
    format: str = ""
    within_miles: int | None = None
    any_distance: bool = False
    adult: bool | None = None
    education: str = ""
    max_months: int | None = None
    max_cost_usd: int | None = None
    schedules: list[str] = field(default_factory=list)
    start_within_months: int | None = None
    language: str = ""
    ticked: list[str] = field(default_factory=list)
    channels: dict[str, list[str]] = field(default_factory=dict)
    person: Person = field(default_factory=Person)
    full: list[str] = field(default_factory=list)
    unticked: list[str] = field(default_factory=list)
    opted_out_of_sale: bool = False
    trap: str = ""
    form_token: str = ""
    letters: int = 0

    @property
    def chosen(self) -> list[str]:
        """Schools that she ticked and gave at least one channel, in the order shown."""
        return [school for school in self.ticked if self.channels.get(school)]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Answers":
        """Answers as they were sealed, perhaps by an earlier version: what is not known any more is left out."""
        known = {each.name for each in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        return cls(**(kept | {"person": Person(**values["person"])}))


@dataclass(frozen=True)
class ShownMatch:
    """One offering on the list as shown, with the facts of its card."""

    offering_id: str
    rank: int
    campus: str
    city: str
    state: str
    format: str
    distance_miles: float | None
    credential: str
    length_months: int | None
    tuition_usd: str | None
    certifications: list[str] | None
    next_start: str | None
    schedule: list[str] | None
    latitude: float
    longitude: float
    score: float
    reasons: list[str]
    checks: list[str]
    length: str | None = None
    clock_hours: int | None = None
    fees_usd: str | None = None
    books_usd: str | None = None
    exam_usd: str | None = None

    @property
    def cost_usd(self) -> Decimal | None:
        """The tuition with those other parts that the school gives; None without a tuition."""
        if self.tuition_usd is None:
            return None
        return sum(
            (Decimal(part or 0) for part in (self.fees_usd, self.books_usd, self.exam_usd)), Decimal(self.tuition_usd)
        )


@dataclass(frozen=True)
class ShownSchool:
    """One school on the list as shown, with its matches in order. A ``listed`` one takes no inquiries through us."""

    school_id: str
    rank: int
    name: str
    website: str | None
    accreditor: str | None
    matches: list[ShownMatch]
    listed: bool = False
    control: str | None = None
    awards: int | None = None
    awards_year: int | None = None


@dataclass(frozen=True)
class Shown:
    """The list as she saw it: schools in order, how many offerings matched in all, and the near misses."""

    shown_at: str
    directory_version: int | None
    place: dict[str, Any]
    criteria: dict[str, Any]
    total: int
    schools: list[ShownSchool]
    near_misses: list[dict[str, Any]]

    def find(self, school_id: str) -> ShownSchool | None:
        return next((school for school in self.schools if school.school_id == school_id), None)

    @property
    def receiving(self) -> list[ShownSchool]:
        """The schools that she can tick."""
        return [school for school in self.schools if not school.listed]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.shown_at)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Shown":
        schools = [
            ShownSchool(**(school | {"matches": [ShownMatch(**match) for match in school["matches"]]}))
            for school in values["schools"]
        ]
        return cls(**(values | {"schools": schools}))


def _name_shape() -> str:
    names = [[each.name for each in fields(kind)] for kind in (Person, Shown, ShownSchool, ShownMatch)]
    return sha256(repr(names).encode()).hexdigest()[:8]


# part of what a draft is sealed for: one whose list has other fields cannot be shown, and counts as gone
SHAPE = _name_shape()
