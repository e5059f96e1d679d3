"""How a school stands: how full its caps are, what it got in thirty days, and what waits for it or for staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from leadgen.caps import Cap, list_places, list_school_caps, write_cents
from leadgen.marks import N_, say
from leadgen.models import About, CapUse, Choice, Delivery, Disposition, Lead, School, State
from leadgen.periods import Period
from leadgen.review.bins import is_held

RECENT_DAYS = 30
WAITING = (State.pending, State.held, State.claimed)
# what has come to an end is of no account here, and most deliveries have
OPEN = (*WAITING, State.sending, State.uncertain, State.failed)


PERIOD_WORDS = {
    Period.hour: N_("this hour"),
    Period.day: N_("today"),
    Period.week: N_("this week"),
    Period.month: N_("this month"),
    Period.total: N_("in all"),
}


@dataclass(frozen=True)
class CapLine:
    """One cap and how full it is in this period of the school's own zone. ``cap`` is None where there is none, and
    counts cents with ``in_cents``; ``is_full``: one more lead does not fit."""

    name: str
    cap: int | None
    used: int
    is_full: bool = False
    in_cents: bool = False

    @property
    def shown(self) -> tuple[str, str]:
        """What is used, and of how much: ``3`` of ``5``, ``$75`` of ``$500``."""
        write = write_cents if self.in_cents else str
        return write(self.used), write(self.cap or 0)


@dataclass(frozen=True)
class Standing:
    """``leads`` counts those of 30 days by the school's word (None: no word yet). ``waiting`` counts leads whose
    delivery waits, by the reason it waits for; ``uncertain`` and ``failed`` count deliveries; ``held`` are choices
    that wait for a verdict of staff."""

    caps: tuple[CapLine, ...]
    leads: dict[Disposition | None, int]
    waiting: dict[str | None, int]
    uncertain: int
    failed: int
    held: int

    @property
    def total_leads(self) -> int:
        return sum(self.leads.values())

    @property
    def total_waiting(self) -> int:
        return sum(self.waiting.values())


def read_standing(session: Session, school: School, at: datetime) -> Standing:
    """How this school stands now (``at``), in four queries."""
    waiting: dict[str | None, int] = {}
    stuck: dict[State, int] = {}
    for state, reason, number in session.execute(_select_open(school.id)):
        if state in WAITING:
            waiting[reason] = waiting.get(reason, 0) + number
        else:
            stuck[state] = stuck.get(state, 0) + number
    return Standing(
        _read_caps(session, school, at),
        _count_leads(session, school.id, at),
        waiting,
        stuck.get(State.uncertain, 0),
        stuck.get(State.failed, 0),
        _count_held(session, school.id),
    )


def count_waiting(session: Session, school_id: str) -> int:
    """Leads of a school that are released and have not left."""
    query = select(func.count(distinct(Delivery.lead_id))).where(
        Delivery.school_id == school_id, Delivery.state.in_(WAITING), Delivery.about == About.lead
    )
    return session.scalar(query) or 0


def _select_open(school_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(Delivery.state, Delivery.reason, func.count())
        .where(
            Delivery.school_id == school_id,
            Delivery.state.in_(OPEN),
            Delivery.about == About.lead,
            Delivery.set_aside.is_(None),
        )
        .group_by(Delivery.state, Delivery.reason)
        .order_by(func.count().desc())
    )


def _read_caps(session: Session, school: School, at: datetime) -> tuple[CapLine, ...]:
    places = list_places(list_school_caps(school), school.timezone, at)
    use = select(CapUse.period, CapUse.used).where(CapUse.school_id == school.id, CapUse.period.in_(places))
    used = dict(session.execute(use).all())
    lines = [_make_line(cap, used.get(place, 0)) for place, cap in places.items()]
    return tuple(lines) or (CapLine(N_("on leads"), None, 0),)


def _make_line(cap: Cap, used: int) -> CapLine:
    return CapLine(_name_cap(cap), cap.most, used, not cap.has_room(used), cap.in_cents)


def _name_cap(cap: Cap) -> str:
    period = say(PERIOD_WORDS[cap.period])
    return say("%(part)s, %(period)s", part=cap.part, period=period) if cap.part else period


def _count_leads(session: Session, school_id: str, at: datetime) -> dict[Disposition | None, int]:
    since = at - timedelta(days=RECENT_DAYS)
    query = select(Lead.disposition, func.count()).where(Lead.school_id == school_id, Lead.released_at > since)
    return dict(session.execute(query.group_by(Lead.disposition)).all())


def _count_held(session: Session, school_id: str) -> int:
    return session.scalar(select(func.count()).select_from(Choice).where(Choice.school_id == school_id, is_held())) or 0
