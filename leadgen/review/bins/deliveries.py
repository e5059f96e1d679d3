"""Deliveries and letters of which nobody knows whether they arrived, and those that were given up."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, cast, func, literal, null, or_, select, union_all

from leadgen.models import About, Consent, Delivery, Inquiry, Lead, Letter, School, State
from leadgen.review.bins.columns import INQUIRY, INQUIRY_CLAIM, SAME_CONSENT, is_value, make_key, say_nothing
from leadgen.review.wanted import Wanted

Row = type[Delivery] | type[Letter]


def select_uncertain(_wanted: Wanted, _at: datetime) -> Select[*tuple[Any, ...]]:
    """Deliveries and letters of which nobody knows, waiting since they were due: that is when their last try began."""
    return _put_together(_select_deliveries(State.uncertain), _select_letters(State.uncertain))


def select_failed(_wanted: Wanted, _at: datetime) -> Select[*tuple[Any, ...]]:
    """Those that were given up and not set aside. A failed lead that she withdrew since asks for nothing."""
    deliveries = _select_deliveries(State.failed).join(Consent, SAME_CONSENT).where(asks_for_somebody())
    return _put_together(deliveries, _select_letters(State.failed).where(Letter.set_aside.is_(None)))


def asks_for_somebody() -> ColumnElement[bool]:
    """Of a failed delivery: nobody set it aside, and it is no lead that she withdrew since."""
    return and_(Delivery.set_aside.is_(None), or_(Delivery.about != About.lead, Consent.withdrawn_at.is_(None)))


def _select_deliveries(state: State) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *make_key("delivery", Delivery.id),
            _find_since(Delivery, state),
            *INQUIRY,
            INQUIRY_CLAIM.label("claim"),
            Delivery.school_id.label("school_id"),
            School.name.label("school"),
            cast(Delivery.about, Text).label("subject"),
            Delivery.reason.label("reason"),
            say_nothing("state"),
            cast(null(), Integer).label("waiting"),
        )
        .select_from(Delivery)
        .join(Lead, Lead.id == Delivery.lead_id)
        .join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .join(School, School.id == Delivery.school_id)
        .where(is_value(Delivery.state, state))
    )


def _select_letters(state: State) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *make_key("letter", Letter.id),
            _find_since(Letter, state),
            *INQUIRY,
            func.coalesce(INQUIRY_CLAIM, literal("letter:").concat(cast(Letter.id, Text))).label("claim"),
            say_nothing("school_id"),
            say_nothing("school"),
            literal("letter").label("subject"),
            Letter.reason.label("reason"),
            say_nothing("state"),
            cast(null(), Integer).label("waiting"),
        )
        .select_from(Letter)
        .outerjoin(Inquiry, Inquiry.id == Letter.inquiry_id)
        .where(is_value(Letter.state, state))
    )


def _find_since(model: Row, state: State) -> Any:
    if state is State.uncertain:
        return model.due_at.label("since")
    return func.coalesce(model.ended_at, model.created_at).label("since")


def _put_together(*queries: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return select(union_all(*queries).subquery())
