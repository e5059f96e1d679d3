"""What a prospect asks for, and what she is shown."""

from calendar import monthrange
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from leadgen.geo.zips import Place, find_place
from leadgen.models import Control, Credential, Education, Format

DEFAULT_RADIUS_MILES = 50
# what may be asked; a directory may be searched with any radius by its own code
NEAREST_MILES, FARTHEST_MILES = 10, 250


class FormatWish(StrEnum):
    """Where she wants to study."""

    campus = "campus"
    online = "online"
    any = "any"


@dataclass(frozen=True)
class Criteria:
    """One search. What is None or empty was not asked, and every offering passes it.

    ``max_cost_usd`` is whole dollars for the whole course; of ``schedules`` one is enough; a start before
    ``start_from``, the day of the search, is past. ``latitude`` and ``longitude`` say where in or near the ZIP code she
    is, where her device told."""

    program: str
    zip: str
    format: FormatWish = FormatWish.any
    within_miles: int | None = DEFAULT_RADIUS_MILES
    credential: Credential | None = None
    certifications: tuple[str, ...] = ()
    age: int | None = None
    education: Education | None = None
    max_months: int | None = None
    max_cost_usd: int | None = None
    schedules: tuple[str, ...] = ()
    start_by: date | None = None
    start_from: date | None = None
    language: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def find_place(self) -> Place:
        """Where she is: the middle of the ZIP code, or the point in or near it. Raises `leadgen.geo.zips.ZipError`."""
        place = find_place(self.zip)
        if self.latitude is None or self.longitude is None:
            return place
        return replace(place, latitude=self.latitude, longitude=self.longitude)

    def to_json(self) -> dict[str, Any]:
        """As kept with an inquiry and printed by `leadgen match --json`."""
        listed = {"certifications": list(self.certifications), "schedules": list(self.schedules)}
        days = {"start_by": self.start_by, "start_from": self.start_from}
        return asdict(self) | listed | {name: day and day.isoformat() for name, day in days.items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Criteria":
        """The reverse of `to_json`, also of what was kept before a wish was asked about."""
        return cls(
            program=values["program"],
            zip=values["zip"],
            format=FormatWish(values["format"]),
            within_miles=values["within_miles"],
            credential=Credential(values["credential"]) if values["credential"] else None,
            certifications=tuple(values["certifications"]),
            age=values["age"],
            education=Education(values["education"]) if values["education"] else None,
            max_months=values.get("max_months"),
            max_cost_usd=values.get("max_cost_usd"),
            schedules=tuple(values.get("schedules", ())),
            start_by=_read_day(values.get("start_by")),
            start_from=_read_day(values.get("start_from")),
            language=values.get("language"),
            latitude=values.get("latitude"),
            longitude=values.get("longitude"),
        )


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def find_day_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class ScoreParts(NamedTuple):
    """The points of each part of a score, not rounded. Their sum, to two decimals, is the score."""

    nearness: float
    certifications: float
    facts: float


@dataclass(frozen=True)
class Matched:
    """One offering that fits. ``distance_miles`` is the geodesic, None online; ``score`` runs from 0 to 100;
    ``checks`` are phrases in lower case that follow the words "To check". A ``listed`` school does not take inquiries
    through us; ``length`` is the band that its award level stands for, ``awards`` those of the program in the year that
    ends in June of ``awards_year``, ``cost_usd`` the tuition with those other parts that are given."""

    rank: int
    offering_id: str
    school_id: str
    school: str
    campus: str
    city: str
    state: str
    program: str
    format: Format
    distance_miles: float | None
    credential: Credential
    length_months: int | None
    clock_hours: int | None
    tuition_usd: Decimal | None
    fees_usd: Decimal | None
    books_usd: Decimal | None
    exam_usd: Decimal | None
    cost_usd: Decimal | None
    certifications: tuple[str, ...] | None
    next_start: date | None
    schedule: tuple[str, ...] | None
    accreditor: str | None
    website: str | None
    control: Control | None
    awards: int | None
    awards_year: int | None
    length: str | None
    listed: bool
    latitude: float
    longitude: float
    score: float
    parts: ScoreParts
    reasons: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True)
class NearMiss:
    """An offering that would fit if one thing gave way. ``rule`` names it and ``reason`` says it in words
    (of two things, where nothing fails by one alone: the first, and both)."""

    offering_id: str
    school_id: str
    school: str
    city: str
    state: str
    format: Format
    distance_miles: float | None
    rule: str
    reason: str
    listed: bool = False
    control: Control | None = None


@dataclass(frozen=True)
class Found:
    """The answer to one search. ``total`` counts all offerings that fit (``total_online`` the online ones
    among them, ``total_listed`` those of schools that are only listed), ``matches`` holds the first of them."""

    criteria: Criteria
    place: Place
    total: int
    matches: tuple[Matched, ...]
    near_misses: tuple[NearMiss, ...]
    directory_version: int | None
    total_online: int = 0
    total_listed: int = 0
