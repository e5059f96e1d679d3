"""Letters to her about schools that never got her request."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from leadgen.letters.kinds import FULL, NOT_DELIVERED, SCHOOL_FULL, TOO_OLD
from leadgen.letters.write import write_letter
from leadgen.models import Delivery, Inquiry, Lead, Letter, School, State


def tell_not_delivered(session: Session, lead: Lead, at: datetime) -> None:
    """Tell her, once, that a school never took her request."""
    _tell_of_lead(session, NOT_DELIVERED, lead, at)


def tell_full(session: Session, lead: Lead, at: datetime) -> None:
    """Tell her, once, that a school had no room for her request, and that it was not sent there."""
    _tell_of_lead(session, SCHOOL_FULL, lead, at)


def name_undelivered(session: Session, inquiry: Inquiry) -> dict[str, list[str]]:
    """The schools that such letters name, as their templates know them."""
    return {
        "not_delivered": _name_schools(session, inquiry, State.failed, TOO_OLD),
        "full": _name_schools(session, inquiry, State.cancelled, FULL),
    }


def _tell_of_lead(session: Session, kind: str, lead: Lead, at: datetime) -> None:
    """A letter that has not left yet names all schools that it is about, so one is enough."""
    key = f"letter-{kind}-{lead.reference}"
    waiting = (Letter.inquiry_id == lead.inquiry_id, Letter.kind == kind, Letter.state == State.pending)
    if session.scalar(select(Letter.id).where((Letter.key == key) | and_(*waiting)).limit(1)) is None:
        write_letter(session, kind, lead.inquiry_id, at, key)


def _name_schools(session: Session, inquiry: Inquiry, state: State, reason: str) -> list[str]:
    """The schools at which a lead of this inquiry came to that end."""
    query = (
        select(School.name)
        .join(Lead, Lead.school_id == School.id)
        .join(Delivery, Delivery.lead_id == Lead.id)
        .where(Lead.inquiry_id == inquiry.id, Delivery.state == state, Delivery.reason == reason)
        .distinct()
        .order_by(School.name)
    )
    return list(session.scalars(query))
