"""Endpoints that cannot receive: broken, paused or not tested yet while something waits, or at the school's cap."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, case, cast, func, literal, or_, select

from leadgen.models import Delivery, Endpoint, EndpointState, Event, School, State, Subject
from leadgen.review.bins.columns import NO_INQUIRY, make_key
from leadgen.review.wanted import Wanted

AT_CAP = "at_cap"
CAP_REASON = "cap"
UNTESTED = "until_tested"
WAITING = (State.pending, State.held)


def select_endpoints(_wanted: Wanted, _at: datetime) -> Select[*tuple[Any, ...]]:
    """One line for each such endpoint, with how many deliveries wait there and since when; and since when it is
    ``broken_since``, where it is."""
    queue = _count_waiting()
    full = and_(Endpoint.state == EndpointState.live, queue.c.capped > 0)
    stopped = and_(Endpoint.state.in_((EndpointState.paused, EndpointState.testing)), queue.c.waiting > 0)
    return (
        select(
            *make_key("endpoint", Endpoint.id),
            queue.c.oldest.label("since"),
            *NO_INQUIRY,
            literal("endpoint:").concat(cast(Endpoint.id, Text)).label("claim"),
            Endpoint.school_id.label("school_id"),
            School.name.label("school"),
            cast(Endpoint.kind, Text).label("subject"),
            case(
                (full, CAP_REASON),
                (Endpoint.state == EndpointState.testing, UNTESTED),
                else_=Endpoint.broken_reason,
            ).label("reason"),
            case((full, AT_CAP), else_=cast(Endpoint.state, Text)).label("state"),
            func.coalesce(queue.c.waiting, 0).label("waiting"),
            case((Endpoint.state == EndpointState.broken, _find_break(queue.c.oldest))).label("broken_since"),
        )
        .select_from(Endpoint)
        .join(School, School.id == Endpoint.school_id)
        .outerjoin(queue, queue.c.endpoint_id == Endpoint.id)
        .where(Endpoint.retired_at.is_(None), or_(Endpoint.state == EndpointState.broken, full, stopped))
    )


def _find_break(oldest: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """When an endpoint broke, as the history of its school has it."""
    told = select(func.max(Event.happened_at)).where(
        Event.subject == Subject.school,
        Event.subject_id == Endpoint.school_id,
        Event.kind == "endpoint.broken",
        Event.data["endpoint"].as_integer() == Endpoint.id,
    )
    return func.coalesce(told.correlate(Endpoint).scalar_subquery(), oldest, Endpoint.added_at)


def _count_waiting() -> Subquery:
    """By endpoint: what has not left, what of it the cap keeps back, and the oldest."""
    capped = func.sum(case((Delivery.reason == CAP_REASON, 1), else_=0))
    query = select(
        Delivery.endpoint_id,
        func.count().label("waiting"),
        capped.label("capped"),
        func.min(Delivery.created_at).label("oldest"),
    )
    return query.where(Delivery.state.in_(WAITING)).group_by(Delivery.endpoint_id).subquery("queue")
