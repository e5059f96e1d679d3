"""Which schools cannot take another inquiry now: paused or closed, without an endpoint, or at a cap that they set.

Caps count in days, weeks and months of the school's own time zone, for the whole school or for a campus or a program of
it (`leadgen.matching.reached`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Result, bindparam, false, or_, select, true, union_all
from sqlalchemy.orm import Session

from leadgen import clock
from leadgen.caps import Cap, list_caps
from leadgen.matching.counted import MANY_SCHOOLS, in_pieces, name_parts
from leadgen.matching.reached import find_reached
from leadgen.models import IS_SPECIAL, LOST_ENDPOINTS, Campus, Offering, School, SchoolStatus, is_taking
from leadgen.periods import Period

AGAIN = {
    Period.hour: "the next hour",
    Period.day: "tomorrow",
    Period.week: "next week",
    Period.month: "next month",
    Period.total: "",
}

_school = School.__table__.c
_offering = Offering.__table__.c
_campus = Campus.__table__.c

_CAPS = (_school.daily_cap, _school.weekly_cap, _school.monthly_cap, _school.total_cap, _school.part_caps)
_PRICE = _school.price_per_lead_usd
_OWN = (_school.id, _school.status, _school.retired_at, _school.timezone, _school.paused_until, _school.listed)
_AMONG = _school.id.in_(bindparam("schools", expanding=True))
# each arm by an index of its own; a school may be in both
_USUAL = select(*_OWN, false().label("is_lost"), *_CAPS, _PRICE)
_LOST = select(*_OWN, true().label("is_lost"), *_CAPS, _PRICE).where(LOST_ENDPOINTS)
_SPECIAL = union_all(_USUAL.where(IS_SPECIAL), _LOST)
_SPECIAL_AMONG = union_all(_USUAL.where(IS_SPECIAL, _AMONG), _LOST.where(_AMONG))
_SPECIAL_OR_LISTED_AMONG = union_all(_USUAL.where(or_(IS_SPECIAL, _school.listed), _AMONG), _LOST.where(_AMONG))
_PART_OFFERINGS = (
    select(_offering.id, _offering.school_id, _offering.program, _campus.name)
    .join(Campus.__table__, _campus.id == _offering.campus_id)
    .where(_offering.school_id.in_(bindparam("schools", expanding=True)), _offering.retired.is_(False))
)


class Unavailable(NamedTuple):
    """Ids of the schools that take no inquiries now: paused, closed, retired or listed ones, those whose endpoints are
    all retired, and those at a cap; and the offerings at a campus or of a program that is at a cap of its own, each
    with its school.
    ``room_again`` says of both, by id, when there may be room: ``tomorrow``, ``next week``, ``next month``; ``spent``
    are the ids of those of both whose caps in dollars alone keep them from one more lead at its price."""

    closed: frozenset[str]
    full: frozenset[str]
    full_offerings: Mapping[str, str] = MappingProxyType({})
    room_again: Mapping[str, str] = MappingProxyType({})
    spent: frozenset[str] = frozenset()

    @property
    def schools(self) -> frozenset[str]:
        """Those that take none at all."""
        return self.closed | self.full


class _Special(NamedTuple):
    """A school that is closed, lost its endpoints, or has a cap; all others take every inquiry."""

    id: str
    status: SchoolStatus
    retired_at: datetime | None
    timezone: str
    paused_until: date | None
    listed: bool
    is_lost: bool
    caps: tuple[Cap, ...]

    def is_closed(self, at: datetime) -> bool:
        gone = self.is_lost or self.retired_at is not None
        return gone or not is_taking(self.status, self.paused_until, self.timezone, at)


class _FullOffering(NamedTuple):
    """An offering of a school, and the caps that count it and are ``reached``."""

    school_id: str
    reached: list[Cap]


def find_unavailable(session: Session, school_ids: Collection[str], at: datetime | None = None) -> Unavailable:
    """Which of these schools are closed, and which are at a cap. ``at`` is now when not given."""
    rows = session.execute(_SPECIAL_OR_LISTED_AMONG, {"schools": sorted(school_ids)})
    special = _make_special(rows)
    hidden = _hide(session, special, at)
    return hidden._replace(closed=hidden.closed | {school.id for school in special if school.listed})


def find_hidden(session: Session, school_ids: Collection[str] | None = None, at: datetime | None = None) -> Unavailable:
    """The same, as far as matching shows schools: a listed one is shown although it takes no inquiries."""
    return _hide(session, _select_special(session, school_ids), at)


def _hide(session: Session, special: Sequence[_Special], at: datetime | None) -> Unavailable:
    if not special:
        return Unavailable(frozenset(), frozenset())
    at = at or clock.now(session)
    closed = frozenset(school.id for school in special if school.is_closed(at))
    full = find_reached(session, [school for school in special if school.caps and school.id not in closed], at)
    whole = {school_id: [cap for cap in caps if not cap.part] for school_id, caps in full.items()}
    offerings = _find_offerings(session, {name: caps for name, caps in full.items() if any(cap.part for cap in caps)})
    reached = {name: caps for name, caps in whole.items() if caps}
    of_both = reached | {each: offering.reached for each, offering in offerings.items()}
    return Unavailable(
        closed,
        frozenset(reached),
        {each: offering.school_id for each, offering in offerings.items()},
        {each: _say_when(caps) for each, caps in of_both.items()},
        frozenset(each for each, caps in of_both.items() if all(cap.in_cents for cap in caps)),
    )


def _say_when(reached: Sequence[Cap]) -> str:
    """When room may come again: the longest of the caps that are reached decides. Nothing where nobody can say."""
    longest = max((cap.period for cap in reached), key=list(Period).index)
    return AGAIN[longest] if all(cap.has_room(0) for cap in reached) else ""


def find_full_schools(
    session: Session, school_ids: Collection[str] | None = None, at: datetime | None = None
) -> frozenset[str]:
    """Ids of the schools that are at a cap, among those given (or all). ``at`` is now when not given."""
    return find_hidden(session, school_ids, at).full


def _select_special(session: Session, school_ids: Collection[str] | None) -> list[_Special]:
    if school_ids is None or len(school_ids) > MANY_SCHOOLS:
        rows = session.execute(_SPECIAL)
    else:
        rows = session.execute(_SPECIAL_AMONG, {"schools": sorted(school_ids)})
    return _make_special(rows)


def _make_special(rows: Result[*tuple[Any, ...]]) -> list[_Special]:
    list_once = cache(list_caps)  # many schools have the same
    own = len(_OWN) + 1
    return [_Special._make((*row[:own], list_once(*row[own:]))) for row in rows.all()]


def _find_offerings(session: Session, reached: dict[str, list[Cap]]) -> dict[str, _FullOffering]:
    """The offerings at a part that is at its cap, by id."""
    rows = (session.execute(_PART_OFFERINGS, {"schools": some}) for some in in_pieces(sorted(reached)))
    found = {}
    for offering_id, school_id, program, campus in chain.from_iterable(rows):
        parts = name_parts(program, campus)
        caps = [cap for cap in reached[school_id] if not cap.part or cap.part in parts]
        if any(cap.part for cap in caps):
            found[offering_id] = _FullOffering(school_id, caps)
    return found
