"""What an address is about, as claims name it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from leadgen.models import Delivery, DispositionReport, Inquiry, Lead, Letter

INQUIRY = "inquiry:"


def claim_inquiry(inquiry: Inquiry) -> str:
    """The claim on an inquiry and all of its lines."""
    return f"{INQUIRY}{inquiry.id}"


def find_claim(session: Session, named: Mapping[str, Any]) -> str | None:
    """The claim on what the variable parts of an address name; None where they name nothing that is claimed."""
    if "endpoint_id" in named:
        return f"endpoint:{named['endpoint_id']}"
    found = next((select_id(named) for name, select_id in _INQUIRY_OF.items() if name in named), None)
    if found is None:
        return None
    inquiry_id = session.scalar(found)
    if inquiry_id is None:
        return f"letter:{named['row_id']}" if named.get("kind") == "letter" else None
    return f"{INQUIRY}{inquiry_id}"


def _select_by_reference(named: Mapping[str, Any]) -> Select[Any]:
    by_lead = select(Lead.inquiry_id).where(Lead.reference == named["reference"])
    return select(Inquiry.id).where((Inquiry.reference == named["reference"]) | Inquiry.id.in_(by_lead))


def _select_by_delivery(delivery_id: int) -> Select[Any]:
    return select(Lead.inquiry_id).join(Delivery, Delivery.lead_id == Lead.id).where(Delivery.id == delivery_id)


def _select_by_letter(letter_id: int) -> Select[Any]:
    return select(Letter.inquiry_id).where(Letter.id == letter_id)


def _select_by_report(report_id: int) -> Select[Any]:
    query = select(Lead.inquiry_id).join(DispositionReport, DispositionReport.lead_id == Lead.id)
    return query.where(DispositionReport.id == report_id)


def _select_by_kind(named: Mapping[str, Any]) -> Select[Any]:
    by_row = _select_by_letter if named.get("kind") == "letter" else _select_by_delivery
    return by_row(named["row_id"])


_INQUIRY_OF: dict[str, Callable[[Mapping[str, Any]], Select[Any]]] = {
    "reference": _select_by_reference,
    "delivery_id": lambda named: _select_by_delivery(named["delivery_id"]),
    "letter_id": lambda named: _select_by_letter(named["letter_id"]),
    "report_id": lambda named: _select_by_report(named["report_id"]),
    "row_id": _select_by_kind,
}
