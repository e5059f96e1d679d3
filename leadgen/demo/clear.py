"""Take the demo away again: what hangs on a demo inquiry, and nothing else."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from leadgen.caps import counts_cents
from leadgen.demo import away
from leadgen.demo.rows import HANGING, select_keys
from leadgen.demo.seed import count_demo
from leadgen.models import Alarm, Assignment, CapUse, Inquiry, Lead

_DEMO = select(Inquiry.id).where(Inquiry.demo)


def clear_demo(session: Session) -> int:
    """Remove the demo's rows, give back its places under caps, and put its endpoints back into use.

    Gives how many inquiries there were. The caller commits."""
    count = count_demo(session)
    _give_back_places(session)
    for model in (Assignment, Alarm):
        for keys in select_keys(_DEMO):
            session.execute(delete(model).where(model.subject.in_(keys)).execution_options(synchronize_session=False))
    for model, is_mine in HANGING:
        session.execute(delete(model).where(is_mine(_DEMO)).execution_options(synchronize_session=False))
    away.bring_back(session)
    return count


def _give_back_places(session: Session) -> None:
    held = select(Lead.school_id, Lead.slots, Lead.reserved_cents).where(Lead.inquiry_id.in_(_DEMO))
    for school_id, slots, cents in session.execute(held).all():
        for period in slots:
            one = (CapUse.school_id == school_id, CapUse.period == period, CapUse.used > 0)
            fewer = update(CapUse).where(*one).values(used=CapUse.used - (cents if counts_cents(period) else 1))
            session.execute(fewer.execution_options(synchronize_session=False))
            # as it was before: a place that nobody takes has no row
            empty = delete(CapUse).where(*one[:2], CapUse.used == 0)
            session.execute(empty.execution_options(synchronize_session=False))
