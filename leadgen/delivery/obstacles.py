"""What keeps a due delivery from leaving, and what becomes of it then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery import circuit
from leadgen.delivery.change import change_state
from leadgen.delivery.retry import is_too_old
from leadgen.delivery.spread import replace_delivery
from leadgen.letters import TOO_OLD, tell_not_delivered
from leadgen.models import (
    About,
    Consent,
    Delivery,
    Endpoint,
    EndpointState,
    Lead,
    School,
    SchoolStatus,
    State,
    Subject,
)

ENDPOINT_RETIRED = "endpoint_retired"
LOOK_AGAIN = timedelta(minutes=10)
NOTICE_WAIT = timedelta(seconds=2)


@dataclass(frozen=True)
class Case:
    """A delivery with all that decides whether it may leave now."""

    delivery: Delivery
    lead: Lead
    consent: Consent
    endpoint: Endpoint
    school: School


@dataclass(frozen=True)
class Obstacle:
    """Why a delivery does not leave now: the state it gets instead, and when to look again."""

    state: State
    reason: str
    until: datetime | None = None


def find_case(session: Session, delivery_id: int) -> Case | None:
    """The delivery with its lead, consent, endpoint and school, or None where there is no such delivery."""
    query = (
        select(Delivery, Lead, Consent, Endpoint, School)
        .join(Lead, Lead.id == Delivery.lead_id)
        .join(Consent, (Consent.inquiry_id == Lead.inquiry_id) & (Consent.school_id == Lead.school_id))
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .join(School, School.id == Delivery.school_id)
        .where(Delivery.id == delivery_id)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).one_or_none()
    return Case(*found) if found else None


def find_obstacle(session: Session, case: Case, at: datetime) -> Obstacle | None:
    """What keeps a due delivery from leaving, if anything. A pause stops leads, never notices."""
    delivery, endpoint = case.delivery, case.endpoint
    if delivery.about is About.lead and is_too_old(at - case.lead.released_at):
        return Obstacle(State.failed, TOO_OLD)
    if endpoint.retired_at is not None:
        # to whom it goes instead, if to anybody, is settled with the change of state
        return Obstacle(State.failed, ENDPOINT_RETIRED)
    if endpoint.state in (EndpointState.broken, EndpointState.testing):
        return Obstacle(State.held, f"endpoint_{endpoint.state}", at + LOOK_AGAIN)
    if endpoint.open_until is not None and endpoint.open_until > at:
        return Obstacle(State.held, circuit.OPEN, endpoint.open_until)
    if delivery.about is not About.lead:
        waiting = _is_lead_under_way(session, case.lead)
        return Obstacle(State.pending, "after_its_lead", at + NOTICE_WAIT) if waiting else None
    return _find_lead_obstacle(case, at)


def _find_lead_obstacle(case: Case, at: datetime) -> Obstacle | None:
    if case.consent.withdrawn_at is not None:
        return Obstacle(State.cancelled, "withdrawn")
    if case.school.status is SchoolStatus.closed or case.school.retired_at is not None:
        return Obstacle(State.cancelled, "school_closed")
    if case.school.status is SchoolStatus.paused:
        return Obstacle(State.held, "school_paused", at + LOOK_AGAIN)
    if case.endpoint.state is EndpointState.paused:
        return Obstacle(State.held, "endpoint_paused", at + LOOK_AGAIN)
    return None


def note_obstacle(session: Session, case: Case, obstacle: Obstacle) -> None:
    """Give the delivery the state that the obstacle asks for, and do what follows from it."""
    delivery = case.delivery
    due_at = obstacle.until or delivery.due_at
    same = (delivery.state, delivery.reason) == (obstacle.state, obstacle.reason)
    if not change_state(session, delivery, obstacle.state, obstacle.reason, due_at=due_at) or same:
        return
    _follow_up(session, case, obstacle)
    if obstacle.state is not State.pending:
        data = {"delivery": delivery.id, "school": delivery.school_id, "reason": obstacle.reason}
        line = history.Line(f"delivery.{delivery.state}", "worker", data)
        history.append(session, Subject.inquiry, case.lead.inquiry_id, line)


def _follow_up(session: Session, case: Case, obstacle: Obstacle) -> None:
    if obstacle.reason == ENDPOINT_RETIRED and replace_delivery(session, case.delivery, case.lead, case.endpoint):
        change_state(session, case.delivery, State.cancelled, ENDPOINT_RETIRED)
    elif obstacle.reason == TOO_OLD and not _has_reached(session, case.lead):
        tell_not_delivered(session, case.lead, now(session))


def _has_reached(session: Session, lead: Lead) -> bool:
    """Whether another endpoint of the school has the lead, may have it, or may still get it."""
    given_up = (State.failed, State.cancelled)
    query = select(Delivery.id).where(
        Delivery.lead_id == lead.id, Delivery.about == About.lead, Delivery.state.not_in(given_up)
    )
    return session.scalar(query.limit(1)) is not None


def _is_lead_under_way(session: Session, lead: Lead) -> bool:
    busy = (State.claimed, State.sending)
    query = select(Delivery.id).where(
        Delivery.lead_id == lead.id, Delivery.about == About.lead, Delivery.state.in_(busy)
    )
    return session.scalar(query.limit(1)) is not None
