"""The queries behind the worklist: one for each kind of thing that needs a person. No personal data is read.

Every query gives ``since`` (when the waiting began) and names the columns as `leadgen.review.worklist.Item` does.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, literal, null, or_, select, union_all

from leadgen.models import (
    About,
    Attempt,
    Choice,
    Consent,
    Delivery,
    Disposition,
    DispositionReport,
    Endpoint,
    EndpointState,
    Inquiry,
    Lead,
    Letter,
    Outcome,
    Result,
    School,
    State,
)

RETURNS_SHOWN_DAYS = 30
WAITING = (State.pending, State.held)
PERHAPS_SENT = (State.sending, State.uncertain, State.delivered)
PERHAPS_ARRIVED = (Result.accepted, Result.unknown, Result.superseded)

_INQUIRY = (
    Inquiry.reference.label("reference"),
    Inquiry.program_title.label("program"),
    (Inquiry.city + ", " + Inquiry.state).label("place"),
)
_LEAD = (
    School.name.label("school"),
    Lead.school_id.label("school_id"),
    Lead.id.label("subject_id"),
    Lead.reference.label("subject"),
)
_SAME_CONSENT = and_(Consent.inquiry_id == Lead.inquiry_id, Consent.school_id == Lead.school_id)


def is_held() -> ColumnElement[bool]:
    """A ticked choice that waits for a verdict, while her consent to that school stands."""
    consent = exists().where(
        Consent.inquiry_id == Choice.inquiry_id,
        Consent.school_id == Choice.school_id,
        Consent.withdrawn_at.is_(None),
    )
    return and_(Choice.ticked, Choice.outcome == Outcome.hold, consent.correlate(Choice))


def select_held(_at: datetime) -> Select[*tuple[Any, ...]]:
    """Inquiries with a held choice, one line each."""
    some = exists().where(Choice.inquiry_id == Inquiry.id, is_held()).correlate(Inquiry)
    query = select(Inquiry.id.label("subject_id"), Inquiry.received_at.label("since"), *_INQUIRY).where(some)
    return query.order_by(Inquiry.received_at, Inquiry.id)


def select_uncertain(_at: datetime) -> Select[*tuple[Any, ...]]:
    """Deliveries and letters of which nobody knows whether they arrived."""
    return _select_stuck(_select_deliveries(State.uncertain), State.uncertain)


def select_failed(_at: datetime) -> Select[*tuple[Any, ...]]:
    """Deliveries and letters that were given up. A failed lead that she withdrew since asks for nothing."""
    wanted = or_(Delivery.about != About.lead, Consent.withdrawn_at.is_(None))
    return _select_stuck(_select_deliveries(State.failed).where(wanted), State.failed)


def select_endpoints(_at: datetime) -> Select[*tuple[Any, ...]]:
    """Broken endpoints, and paused ones that keep something waiting."""
    mine = (Delivery.endpoint_id == Endpoint.id, Delivery.state.in_(WAITING))
    waiting = select(func.count()).where(*mine).correlate(Endpoint).scalar_subquery()
    oldest = select(func.min(Delivery.created_at)).where(*mine).correlate(Endpoint).scalar_subquery()
    wanted = or_(Endpoint.state == EndpointState.broken, and_(Endpoint.state == EndpointState.paused, waiting > 0))
    return (
        select(
            oldest.label("since"),
            School.name.label("school"),
            Endpoint.school_id,
            Endpoint.id.label("subject_id"),
            cast(Endpoint.kind, Text).label("subject"),
            cast(Endpoint.state, Text).label("state"),
            Endpoint.broken_reason.label("reason"),
            waiting.label("waiting"),
        )
        .join(School, School.id == Endpoint.school_id)
        .where(Endpoint.retired_at.is_(None), wanted)
        .order_by(oldest.nulls_last(), Endpoint.id)
    )


def select_withdrawals(_at: datetime) -> Select[*tuple[Any, ...]]:
    """Leads that she withdrew, that the school has or may have, and whose school takes no notices from us."""
    deliveries = exists().where(Delivery.lead_id == Lead.id).correlate(Lead)
    # an earlier try may have arrived, although a later one was stopped
    arrived = exists().where(Attempt.delivery_id == Delivery.id, Attempt.result.in_(PERHAPS_ARRIVED))
    there = or_(Delivery.state.in_(PERHAPS_SENT), arrived.correlate(Delivery))
    sent = deliveries.where(Delivery.about == About.lead, there)
    told = deliveries.where(Delivery.about == About.withdrawal)
    query = select(Consent.withdrawn_at.label("since"), *_INQUIRY, *_LEAD).select_from(Lead)
    return (
        query.join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .join(School, School.id == Lead.school_id)
        .join(Consent, _SAME_CONSENT)
        .where(Consent.withdrawn_at.is_not(None), sent, ~told)
        .order_by(Consent.withdrawn_at, Lead.id)
    )


def select_returns(at: datetime) -> Select[*tuple[Any, ...]]:
    """Leads that schools gave back in the last 30 days, newest first: to know, nothing to do."""
    reason = (
        select(DispositionReport.reason)
        .where(DispositionReport.lead_id == Lead.id, DispositionReport.disposition == Disposition.returned)
        .order_by(DispositionReport.number.desc())
        .limit(1)
        .correlate(Lead)
        .scalar_subquery()
    )
    since = at - timedelta(days=RETURNS_SHOWN_DAYS)
    query = select(Lead.disposition_at.label("since"), *_INQUIRY, *_LEAD, reason.label("reason")).select_from(Lead)
    return (
        query.join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .join(School, School.id == Lead.school_id)
        .where(Lead.disposition == Disposition.returned, Lead.disposition_at > since)
        .order_by(Lead.disposition_at.desc(), Lead.id.desc())
    )


def _select_deliveries(state: State) -> Select[*tuple[Any, ...]]:
    return (
        select(
            func.coalesce(Delivery.ended_at, Delivery.created_at).label("since"),
            *_INQUIRY,
            School.name.label("school"),
            Delivery.school_id.label("school_id"),
            Delivery.id.label("subject_id"),
            cast(Delivery.about, Text).label("subject"),
            Delivery.reason.label("reason"),
        )
        .select_from(Delivery)
        .join(Lead, Lead.id == Delivery.lead_id)
        .join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .join(School, School.id == Delivery.school_id)
        .join(Consent, _SAME_CONSENT)
        .where(Delivery.state == state)
    )


def _select_stuck(deliveries: Select[*tuple[Any, ...]], state: State) -> Select[*tuple[Any, ...]]:
    letters = (
        select(
            func.coalesce(Letter.ended_at, Letter.created_at).label("since"),
            *_INQUIRY,
            cast(null(), Text).label("school"),
            cast(null(), Text).label("school_id"),
            Letter.id.label("subject_id"),
            literal("letter").label("subject"),
            Letter.reason.label("reason"),
        )
        .select_from(Letter)
        .outerjoin(Inquiry, Inquiry.id == Letter.inquiry_id)
        .where(Letter.state == state)
    )
    both = union_all(deliveries, letters).subquery()
    return select(both).order_by(both.c.since, both.c.subject_id)
