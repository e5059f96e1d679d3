"""Places under a school's caps: reserved in the claim by a conditional update, given back when unused.

Days and months are those of the school's own time zone. The zone's next midnight is found by date
arithmetic there, so both days on which clocks change come out right.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from leadgen.clock import find_periods
from leadgen.database import insert_unless_there, table_of
from leadgen.models import About, CapUse, Delivery, Lead, School, State

HOLDING_STATES = (State.claimed, State.sending, State.uncertain, State.delivered)

_lead = table_of(Lead).c
_LOCK_LEAD = select(_lead.id).where(_lead.id == bindparam("lead_id")).with_for_update(key_share=True)


def find_next_day(timezone: str, at: datetime) -> datetime:
    """The start of the next day in a zone, in UTC."""
    return _midnight(timezone, at.astimezone(ZoneInfo(timezone)).date() + timedelta(days=1))


def find_next_month(timezone: str, at: datetime) -> datetime:
    """The start of the next month in a zone, in UTC."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    return _midnight(timezone, date(day.year + day.month // 12, day.month % 12 + 1, 1))


def reserve_slot(session: Session, lead: Lead, school: School, at: datetime) -> datetime | None:
    """Take a place for today and for this month. None when taken; else when room may come again.

    A lead counts once: a place that another delivery of it holds already is enough."""
    day, month = find_periods(school.timezone, at)
    if school.daily_cap is not None and lead.slot_day is None:
        if not _take(session, school.id, day, school.daily_cap):
            return find_next_day(school.timezone, at)
        lead.slot_day = day
    if school.monthly_cap is not None and lead.slot_month is None:
        if not _take(session, school.id, month, school.monthly_cap):
            _give_back_day(session, lead)
            return find_next_month(school.timezone, at)
        lead.slot_month = month
    return None


def give_back_slot(session: Session, lead_id: int, state: State) -> None:
    """Free the lead's places unless a delivery of it is claimed, sending, uncertain or delivered.

    ``state`` is what one of them has just become. The lead stays locked until the transaction ends."""
    if state in HOLDING_STATES:
        session.execute(_LOCK_LEAD, {"lead_id": lead_id})
        return
    lead = lock_lead(session, lead_id)
    holds = select(Delivery.id).where(
        Delivery.lead_id == lead_id, Delivery.about == About.lead, Delivery.state.in_(HOLDING_STATES)
    )
    if session.scalar(holds.limit(1)) is not None:
        return
    _give_back_day(session, lead)
    if lead.slot_month:
        _release(session, lead.school_id, lead.slot_month)
        lead.slot_month = None


def lock_lead(session: Session, lead_id: int) -> Lead:
    """The lead as it is now, until the transaction ends: two deliveries of one lead look at each other in turn."""
    locked = select(Lead).where(Lead.id == lead_id).with_for_update(key_share=True)
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def _give_back_day(session: Session, lead: Lead) -> None:
    if lead.slot_day:
        _release(session, lead.school_id, lead.slot_day)
        lead.slot_day = None


def _take(session: Session, school_id: str, period: str, cap: int) -> bool:
    insert_unless_there(session, CapUse, {"school_id": school_id, "period": period, "used": 0})
    where = (CapUse.school_id == school_id, CapUse.period == period, CapUse.used < cap)
    taken = update(CapUse).where(*where).values(used=CapUse.used + 1).returning(CapUse.used)
    return session.execute(taken.execution_options(synchronize_session=False)).one_or_none() is not None


def _release(session: Session, school_id: str, period: str) -> None:
    where = (CapUse.school_id == school_id, CapUse.period == period, CapUse.used > 0)
    freed = update(CapUse).where(*where).values(used=CapUse.used - 1)
    session.execute(freed.execution_options(synchronize_session=False))


def _midnight(timezone: str, day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(timezone)).astimezone(UTC)
