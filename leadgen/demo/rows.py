"""What hangs on an inquiry, table by table: what a story makes older, and what `clear` takes away."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, or_, select

from leadgen.models import (
    Asking,
    Attempt,
    BatchRow,
    Chain,
    Choice,
    Complaint,
    Consent,
    ConsentChannel,
    Contact,
    Delivery,
    DispositionReport,
    Duplicate,
    Entry,
    Erasure,
    Event,
    FeedEntry,
    FormerConsent,
    Inquiry,
    Lead,
    Letter,
    Link,
    Match,
    Note,
    Receipt,
    Subject,
    Verdict,
)

Ids = Select[int]


def _leads(ids: Ids) -> Select[Any]:
    return select(Lead.id).where(Lead.inquiry_id.in_(ids))


def _deliveries(ids: Ids) -> Select[Any]:
    return select(Delivery.id).where(Delivery.lead_id.in_(_leads(ids)))


def _letters(ids: Ids) -> Select[Any]:
    return select(Letter.id).where(Letter.inquiry_id.in_(ids))


def _choices(ids: Ids) -> Select[Any]:
    return select(Choice.id).where(Choice.inquiry_id.in_(ids))


def _consents(ids: Ids) -> Select[Any]:
    return select(Consent.id).where(Consent.inquiry_id.in_(ids))


def _names(ids: Ids) -> Select[Any]:
    inquiry_id = ids.selected_columns[0]
    return ids.with_only_columns(cast(inquiry_id, String))


# what refers to another stands before it
HANGING: tuple[tuple[Any, Callable[[Ids], ColumnElement[bool]]], ...] = (
    (Receipt, lambda ids: Receipt.delivery_id.in_(_deliveries(ids))),
    (BatchRow, lambda ids: BatchRow.delivery_id.in_(_deliveries(ids))),
    (Attempt, lambda ids: or_(Attempt.delivery_id.in_(_deliveries(ids)), Attempt.letter_id.in_(_letters(ids)))),
    (Asking, lambda ids: Asking.inquiry_id.in_(ids)),
    (Link, lambda ids: Link.letter_id.in_(_letters(ids))),
    (Letter, lambda ids: Letter.inquiry_id.in_(ids)),
    (Entry, lambda ids: Entry.inquiry_id.in_(ids)),
    (Complaint, lambda ids: Complaint.inquiry_id.in_(ids)),
    (Erasure, lambda ids: Erasure.inquiry_id.in_(ids)),
    (DispositionReport, lambda ids: DispositionReport.lead_id.in_(_leads(ids))),
    (FeedEntry, lambda ids: FeedEntry.lead_id.in_(_leads(ids))),
    (Delivery, lambda ids: Delivery.lead_id.in_(_leads(ids))),
    (Lead, lambda ids: Lead.inquiry_id.in_(ids)),
    (FormerConsent, lambda ids: FormerConsent.consent_id.in_(_consents(ids))),
    (ConsentChannel, lambda ids: ConsentChannel.consent_id.in_(_consents(ids))),
    (Consent, lambda ids: Consent.inquiry_id.in_(ids)),
    (Verdict, lambda ids: Verdict.choice_id.in_(_choices(ids))),
    (Match, lambda ids: Match.choice_id.in_(_choices(ids))),
    (Choice, lambda ids: Choice.inquiry_id.in_(ids)),
    (Note, lambda ids: Note.inquiry_id.in_(ids)),
    (Duplicate, lambda ids: or_(Duplicate.inquiry_id.in_(ids), Duplicate.original_id.in_(ids))),
    (Contact, lambda ids: Contact.inquiry_id.in_(ids)),
    (Event, lambda ids: (Event.subject == Subject.inquiry) & Event.subject_id.in_(_names(ids))),
    (Chain, lambda ids: (Chain.subject == Subject.inquiry) & Chain.subject_id.in_(_names(ids))),
    (Inquiry, lambda ids: Inquiry.id.in_(ids)),
)


def select_keys(ids: Ids) -> list[Select[Any]]:
    """The keys by which claims and alarms name an inquiry, and what hangs on it: ``inquiry:12``, ``delivery:40``."""
    reports = select(DispositionReport.id).where(DispositionReport.lead_id.in_(_leads(ids)))
    named = {"inquiry": ids, "lead": _leads(ids), "delivery": _deliveries(ids), "letter": _letters(ids)}
    return [
        query.with_only_columns(literal(f"{kind}:").concat(cast(query.selected_columns[0], String)))
        for kind, query in (named | {"report": reports}).items()
    ]
