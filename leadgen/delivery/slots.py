"""Places under a school's caps: reserved in the claim by a conditional update, given back when unused.

A cap in dollars counts cents: the price of a lead is reserved, and made right where the school's answer names another.
"""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from leadgen.caps import Cap, counts_cents, is_place_of, list_places, list_school_caps, name_campus
from leadgen.database import insert_unless_there, table_of
from leadgen.models import About, Campus, CapUse, Choice, Delivery, Inquiry, Lead, Match, Offering, School, State
from leadgen.periods import find_next

HOLDING_STATES = (State.claimed, State.sending, State.uncertain, State.delivered)

_lead = table_of(Lead).c
_LOCK_LEAD = select(_lead.id).where(_lead.id == bindparam("lead_id")).with_for_update(key_share=True)
# a lead is one of its program, and of the campus that stood first on her list
_PARTS = (
    select(Inquiry.program, Campus.name)
    .join(Choice, (Choice.inquiry_id == Inquiry.id) & (Choice.school_id == bindparam("school_id")))
    .outerjoin(Match, Match.choice_id == Choice.id)
    .outerjoin(Offering, Offering.id == Match.offering_id)
    .outerjoin(Campus, Campus.id == Offering.campus_id)
    .where(Inquiry.id == bindparam("inquiry_id"))
    .order_by(Match.rank, Match.id)
    .limit(1)
)


def reserve_slot(session: Session, lead: Lead, school: School, at: datetime) -> datetime | None:
    """Take a place under every cap that counts this lead. None when taken; else when room may come again.

    A lead counts once: a place that another delivery of it holds already is enough, and its price stays the same."""
    taken: dict[str, int] = {}
    caps = list_places(_list_caps(session, lead, school), school.timezone, at)
    # in the order in which places are given back too, so that nobody waits in a ring
    for place, cap in sorted(caps.items()):
        if any(is_place_of(cap, held) for held in lead.slots):
            continue
        amount = lead.reserved_cents if cap.in_cents and _holds_money(lead) else cap.each
        if not _take(session, school.id, place, amount, cap.most):
            for each, given in taken.items():
                _release(session, school.id, each, given)
            return find_next(cap.period, school.timezone, at)
        taken[place] = amount
    if not _holds_money(lead):
        lead.reserved_cents = next((amount for place, amount in taken.items() if counts_cents(place)), 0)
    lead.slots = (*lead.slots, *taken)
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
    for place in sorted(lead.slots):
        _release(session, lead.school_id, place, lead.reserved_cents if counts_cents(place) else 1)
    lead.slots = ()
    lead.reserved_cents = 0


def correct_price(session: Session, lead_id: int, cents: int) -> None:
    """The school's own answer names the price: that is what the lead counts from now on, under every cap in dollars.

    What is spent may come to be more than a cap that way; the next lead waits."""
    lead = lock_lead(session, lead_id)
    if not _holds_money(lead) or cents == lead.reserved_cents:
        return
    for place in filter(counts_cents, sorted(lead.slots)):
        _count(session, lead.school_id, place, cents - lead.reserved_cents)
    lead.reserved_cents = cents


def _holds_money(lead: Lead) -> bool:
    return any(map(counts_cents, lead.slots))


def lock_lead(session: Session, lead_id: int) -> Lead:
    """The lead as it is now, until the transaction ends: two deliveries of one lead look at each other in turn."""
    locked = select(Lead).where(Lead.id == lead_id).with_for_update(key_share=True)
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def _list_caps(session: Session, lead: Lead, school: School) -> list[Cap]:
    """The caps that count this lead."""
    caps = list_school_caps(school)
    parts = {""}
    if any(cap.part for cap in caps):
        program, campus = session.execute(_PARTS, {"inquiry_id": lead.inquiry_id, "school_id": school.id}).one()
        parts |= {program, name_campus(campus or "")}
    return [cap for cap in caps if cap.part in parts]


def _take(session: Session, school_id: str, period: str, amount: int, most: int) -> bool:
    insert_unless_there(session, CapUse, {"school_id": school_id, "period": period, "used": 0})
    where = (CapUse.school_id == school_id, CapUse.period == period, CapUse.used <= most - amount)
    taken = update(CapUse).where(*where).values(used=CapUse.used + amount).returning(CapUse.used)
    return session.execute(taken.execution_options(synchronize_session=False)).one_or_none() is not None


def _release(session: Session, school_id: str, period: str, amount: int) -> None:
    _count(session, school_id, period, -amount)


def _count(session: Session, school_id: str, period: str, more: int) -> None:
    where = (CapUse.school_id == school_id, CapUse.period == period, CapUse.used + more >= 0)
    counted = update(CapUse).where(*where).values(used=CapUse.used + more)
    session.execute(counted.execution_options(synchronize_session=False))
