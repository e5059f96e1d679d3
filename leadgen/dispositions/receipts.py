"""What a school does in the portal as proof that the lead is there. The first of each kind counts."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from leadgen.database import insert_unless_there
from leadgen.models import About, Delivery, Lead, Receipt, ReceiptKind


def add_receipt(session: Session, lead: Lead, kind: ReceiptKind, actor: str, at: datetime) -> None:
    """A receipt of the delivery that brought the lead. Its event id makes a second one of its kind a no-op."""
    # in whatever state: between the page and this post, staff may have settled that it did not arrive
    query = select(Delivery.id).where(Delivery.lead_id == lead.id, Delivery.about == About.lead)
    values = {
        "delivery_id": session.scalars(query.order_by(Delivery.id).limit(1)).one(),
        "kind": kind,
        "event_id": f"{_start(kind)}{lead.reference}",
        "source": actor,
        "received_at": at,
    }
    insert_unless_there(session, Receipt, values)


def find_receipt(session: Session, lead: Lead, kind: ReceiptKind) -> Receipt | None:
    """The first receipt of this kind: who gave it, and when."""
    query = select(Receipt).where(Receipt.event_id == f"{_start(kind)}{lead.reference}")
    return session.scalars(query).one_or_none()


def is_receipt_of_lead(kind: ReceiptKind) -> ColumnElement[bool]:
    """Joins leads and their receipts of this kind."""
    return Receipt.event_id == _start(kind) + Lead.reference


def _start(kind: ReceiptKind) -> str:
    return f"portal:{kind}:"
