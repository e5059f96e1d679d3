"""A lead as its school reads it: everything in it, and her contact data only while her consent stands and once the
reader has opened it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from leadgen.dispositions.receipts import find_receipt
from leadgen.dispositions.report import find_return_obstacle
from leadgen.models import (
    Choice,
    Complaint,
    Consent,
    DispositionReport,
    Inquiry,
    Lead,
    Match,
    Offering,
    Receipt,
    ReceiptKind,
)
from leadgen.vault import Vault


@dataclass(frozen=True)
class LeadLetter:
    """What the page says. ``person`` is None until the reader has opened the lead, and once she withdrew or was
    erased. ``opening``: who of the school opened it first.
    ``complaint``: she told us that the school contacts her too often."""

    inquiry: Inquiry
    consent: Consent
    matches: list[Match]
    reports: list[DispositionReport]
    stands: bool
    person: dict[str, Any] | None
    opening: Receipt | None
    may_accept: bool
    return_obstacle: str | None
    complaint: Complaint | None


def read_lead_letter(session: Session, vault: Vault, lead: Lead, at: datetime, *, opened: bool) -> LeadLetter:
    """The letter of one lead. The caller has made sure that the lead is the reader's own, and knows whether the reader
    has opened it."""
    mine = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    consent = session.scalars(select(Consent).where(*mine).options(selectinload(Consent.channels))).one()
    inquiry = session.get_one(Inquiry, lead.inquiry_id)
    reports = select(DispositionReport).where(DispositionReport.lead_id == lead.id)
    stands = consent.withdrawn_at is None and inquiry.contact.wrapped_key is not None
    return LeadLetter(
        inquiry,
        consent,
        _find_matches(session, lead),
        list(session.scalars(reports.order_by(DispositionReport.number))),
        stands,
        _open_person(vault, inquiry) if stands and opened else None,
        find_receipt(session, lead, ReceiptKind.opened),
        stands and lead.disposition is None,
        find_return_obstacle(session, lead, at),
        session.get(Complaint, (lead.inquiry_id, lead.school_id)),
    )


def _open_person(vault: Vault, inquiry: Inquiry) -> dict[str, Any]:
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    person: dict[str, Any] = key.open_json(inquiry.contact.sealed or b"", "person")
    return person


def _find_matches(session: Session, lead: Lead) -> list[Match]:
    query = (
        select(Match)
        .join(Choice, Choice.id == Match.choice_id)
        .where(Choice.inquiry_id == lead.inquiry_id, Choice.school_id == lead.school_id)
        .order_by(Match.rank)
        .options(joinedload(Match.offering).joinedload(Offering.campus))
    )
    return list(session.scalars(query))
