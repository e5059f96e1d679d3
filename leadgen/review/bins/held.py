"""Held for review: inquiries in which a choice waits for a verdict."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, cast, exists, null, select

from leadgen.models import Choice, Consent, Inquiry, Outcome, School, Verdict
from leadgen.review.bins.columns import INQUIRY, INQUIRY_CLAIM, is_value, make_key, say_nothing
from leadgen.review.wanted import Wanted

# of a choice: why its latest verdict was given, as a JSON array of codes
REASONS = (
    select(Verdict.reasons)
    .where(Verdict.choice_id == Choice.id)
    .order_by(Verdict.number.desc())
    .limit(1)
    .correlate(Choice)
    .scalar_subquery()
)


def is_held() -> ColumnElement[bool]:
    """A ticked choice that waits for a verdict, while her consent to that school stands."""
    consent = exists().where(
        Consent.inquiry_id == Choice.inquiry_id,
        Consent.school_id == Choice.school_id,
        Consent.withdrawn_at.is_(None),
    )
    return and_(Choice.ticked, is_value(Choice.outcome, Outcome.hold), consent.correlate(Choice))


def is_wanted(wanted: Wanted) -> ColumnElement[bool]:
    """A held choice of the school and with the reason that are wanted."""
    conditions = [is_held()]
    if wanted.school:
        conditions.append(Choice.school_id == wanted.school)
    if wanted.reason:
        conditions.append(cast(REASONS, Text).contains(f'"{wanted.reason}"', autoescape=True))
    return and_(*conditions)


def select_held(wanted: Wanted, _at: datetime) -> Select[*tuple[Any, ...]]:
    """Inquiries with a held choice, one line each, however many schools wait in it."""
    nothing = ("school_id", "school", "subject", "reason", "state")
    since, claim = Inquiry.received_at.label("since"), INQUIRY_CLAIM.label("claim")
    columns = (*make_key("inquiry", Inquiry.id), since, *INQUIRY, claim)
    query = select(*columns, *map(say_nothing, nothing), cast(null(), Integer).label("waiting"))
    return query.where(Inquiry.id.in_(select(Choice.inquiry_id).where(is_wanted(wanted))))


def select_held_schools() -> Select[*tuple[Any, ...]]:
    """The schools that wait, each once: id and name."""
    return select(School.id, School.name).where(School.id.in_(select(Choice.school_id).where(is_held())))
