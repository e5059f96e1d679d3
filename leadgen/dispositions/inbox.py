"""A school's inbox: the leads that reached it, or may have. Never those of another school, and no personal data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from leadgen.dispositions.receipts import is_receipt_of_lead
from leadgen.models import About, Consent, Delivery, Disposition, Inquiry, Lead, Receipt, ReceiptKind, State

VISIBLE_STATES = (State.sending, State.uncertain, State.delivered)


@dataclass(frozen=True)
class InboxLine:
    """One lead in the list."""

    reference: str
    released_at: datetime
    program: str
    place: str
    disposition: Disposition | None
    withdrawn_at: datetime | None
    opened_at: datetime | None


def count_inbox(session: Session, school_id: str) -> int:
    """How many leads the school's inbox holds."""
    return session.scalar(select(func.count()).select_from(Lead).where(_is_visible(school_id))) or 0


def list_inbox(session: Session, school_id: str, *, limit: int, offset: int = 0) -> list[InboxLine]:
    """A page of the school's leads, newest first."""
    return [InboxLine(*row) for row in session.execute(_select_lines(school_id).limit(limit).offset(offset))]


def find_lead(session: Session, school_id: str, reference: str) -> Lead | None:
    """The school's own lead with this reference, or None: there is none, it has not reached it, it is another's."""
    return session.scalars(select(Lead).where(Lead.reference == reference, _is_visible(school_id))).one_or_none()


def _is_visible(school_id: str) -> ColumnElement[bool]:
    arrived = exists().where(
        Delivery.lead_id == Lead.id, Delivery.about == About.lead, Delivery.state.in_(VISIBLE_STATES)
    )
    return and_(Lead.school_id == school_id, arrived.correlate(Lead))


def _select_lines(school_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Lead.reference,
            Lead.released_at,
            Inquiry.program,
            Inquiry.city + ", " + Inquiry.state,
            Lead.disposition,
            Consent.withdrawn_at,
            Receipt.received_at,
        )
        .join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .join(Consent, and_(Consent.inquiry_id == Lead.inquiry_id, Consent.school_id == Lead.school_id))
        .outerjoin(Receipt, is_receipt_of_lead(ReceiptKind.opened))
        .where(_is_visible(school_id))
        .order_by(Lead.released_at.desc(), Lead.id.desc())
    )
