"""Which caps are reached: places that leads hold, and leads that wait for one, counted in the school's own periods."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

from sqlalchemy.orm import Session

from leadgen.caps import Cap, is_place_of, list_places
from leadgen.matching.counted import Waiting, count_waiting, read_use


class Capped(Protocol):
    """A school with caps."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def timezone(self) -> str:
        """The zone in whose days it counts."""

    @property
    def caps(self) -> tuple[Cap, ...]:
        """Its own, and those of its parts."""


def find_reached(session: Session, capped: Sequence[Capped], at: datetime) -> dict[str, list[Cap]]:
    """The caps that are reached, by school."""
    if not capped:
        return {}
    # many schools have the same caps
    list_now = cache(lambda caps, timezone: list_places(caps, timezone, at))
    places: dict[str, dict[str, Cap]] = {school.id: list_now(school.caps, school.timezone) for school in capped}
    used = read_use(session, places, {place for caps in places.values() for place in caps})
    parted = {school.id for school in capped if any(cap.part for cap in school.caps)}
    waiting = count_waiting(session, places.keys() - parted, parted)
    return {
        school_id: [
            cap
            for place, cap in caps.items()
            if not cap.has_room(
                used.get((school_id, place), 0) + cap.each * _count_for(cap, waiting.get(school_id, ()))
            )
        ]
        for school_id, caps in places.items()
    }


def _count_for(cap: Cap, waiting: Iterable[Waiting]) -> int:
    """How many of those that wait will take a place under this cap."""
    return sum(
        each.number
        for each in waiting
        if (not cap.part or cap.part in each.parts) and not any(is_place_of(cap, place) for place in each.slots)
    )
