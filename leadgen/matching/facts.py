"""What matching reads of an offering: plain data, for the rules and the score."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from leadgen.matching.criteria import Criteria
from leadgen.models import AwardLevel, Credential, Education, Format


class OfferingFacts(NamedTuple):
    """What matching reads of an offering. It holds nothing about payment, so no rule or score can.

    ``cost_usd`` is the tuition with those fees, books and exams that the school gives; None without a tuition."""

    id: str
    school_id: str
    credential: Credential
    format: Format
    latitude: float
    longitude: float
    service_miles: int | None
    length_months: int | None
    cost_usd: Decimal | None
    certifications: tuple[str, ...] | None
    min_age: int | None
    education: Education | None
    online_states: tuple[str, ...] | None
    next_start: date | None
    award_level: int | None = None
    listed: bool = False
    schedule: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    service_states: tuple[str, ...] | None = None
    service_zips: tuple[str, ...] | None = None

    @property
    def length(self) -> str | None:
        """The band of length that its award level stands for, where a federal file tells one."""
        return None if self.award_level is None else AwardLevel(self.award_level).length


class Candidate(NamedTuple):
    """An offering before the rules. ``state`` is the prospect's; ``miles`` is None for online offerings,
    and may be rough where the rough figure settles the distance rule. A listed school that is shown counts as taking
    inquiries here, though none through us. ``room_again``: when a full one may have room, like ``tomorrow``;
    ``spent``: its caps in dollars alone leave no room for the price of one more lead."""

    offering: OfferingFacts
    criteria: Criteria
    state: str
    miles: float | None
    takes_inquiries: bool = True
    has_room: bool = True
    room_again: str = ""
    spent: bool = False


def find_reach_miles(criteria: Criteria, offering: OfferingFacts) -> float | None:
    """How far away the offering may be: the smaller of her radius and its service area; None without either."""
    limits = [limit for limit in (criteria.within_miles, offering.service_miles) if limit is not None]
    return min(limits) if limits else None
