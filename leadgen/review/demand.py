"""What people searched for and did not find: counts of searches without identity, by program and area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.geo.zips import find_state_of_area
from leadgen.models import SearchCount

MATCHED, FEW, LISTED, NONE = "matched", "few", "listed", "none"


@dataclass
class Demand:
    """The searches of a program in one area, a ZIP code's first three digits or a state. ``none`` found nothing,
    ``listed`` only schools that take no inquiries through us, ``few`` one or two."""

    program: str
    area: str
    state: str
    searches: int = 0
    none: int = 0
    listed: int = 0
    few: int = 0

    @property
    def unmet(self) -> int:
        """The searches that led to nobody whom we could send an inquiry to."""
        return self.none + self.listed

    @property
    def share(self) -> float:
        """Of all searches, those."""
        return self.unmet / self.searches if self.searches else 0.0


@dataclass(frozen=True)
class DemandFilter:
    """``by_state`` sums the areas of a state up."""

    since: date
    program: str = ""
    state: str = ""
    by_state: bool = False


def read_demand(session: Session, asked: DemandFilter) -> list[Demand]:
    """The areas where most searches led nowhere first; those where all found enough are left out."""
    query = (
        select(SearchCount.program, SearchCount.zip3, SearchCount.outcome, func.sum(SearchCount.times))
        .where(SearchCount.day >= asked.since)
        .group_by(SearchCount.program, SearchCount.zip3, SearchCount.outcome)
    )
    if asked.program:
        query = query.where(SearchCount.program == asked.program)
    lines = _fold(session.execute(query), asked)
    wanting = [line for line in lines if line.unmet or line.few]
    return sorted(wanting, key=lambda line: (-line.unmet, -line.few, line.program, line.area))


def _fold(rows: Iterable[Any], asked: DemandFilter) -> list[Demand]:
    found: dict[tuple[str, str], Demand] = {}
    for program, zip3, outcome, times in rows:
        state = find_state_of_area(zip3) or ""
        if asked.state and state != asked.state:
            continue
        area = state if asked.by_state else zip3
        line = found.setdefault((program, area), Demand(program, area, state))
        line.searches += int(times)
        if outcome != MATCHED:
            setattr(line, outcome, getattr(line, outcome) + int(times))
    return list(found.values())
