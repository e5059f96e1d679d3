"""From due to claimed, and from claimed to sending: two conditional updates that decide who sends.

Between reading and updating, another worker, a withdrawal or the sweeper may come first. The update
names the state and the fence that were read; zero rows changed means: not ours, send nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now, now
from leadgen.database import insert_row
from leadgen.delivery import slots
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.obstacles import Case, Obstacle, find_case, find_obstacle, note_obstacle
from leadgen.models import (
    About,
    Attempt,
    Consent,
    Delivery,
    Lead,
    Letter,
    State,
)

CLAIMABLE = (State.pending, State.held)


@dataclass(frozen=True)
class Claim:
    """The right to send, until the lease ends. Worth nothing once the fence has moved on."""

    row_id: int
    fence: int


def claim_delivery(session: Session, delivery_id: int, lease_seconds: float) -> Claim | None:
    """Claim a delivery that is due, or write down why it cannot leave. The caller commits."""
    case = find_case(session, delivery_id)
    at = now(session)
    if case is None or case.delivery.state not in CLAIMABLE or case.delivery.due_at > at:
        return None
    obstacle = find_obstacle(session, case, at)
    if obstacle is not None:
        note_obstacle(session, case, obstacle)
        return None
    claim = _claim(session, Delivery, delivery_id, case.delivery.fence, lease_seconds)
    if claim is None or (full := _reserve(session, case, at)) is None:
        return claim
    session.refresh(case.delivery)
    note_obstacle(session, case, full)
    return None


def claim_letter(session: Session, letter_id: int, lease_seconds: float) -> Claim | None:
    """Claim one of our own letters that is due. The caller commits."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.state is not State.pending or letter.due_at > now(session):
        return None
    return _claim(session, Letter, letter_id, letter.fence, lease_seconds)


def start_sending(
    session: Session, row: Delivery | Letter, claim: Claim, parcel: Parcel, parcel_hash: str, lease_seconds: float
) -> int | None:
    """Write the attempt down before the first byte leaves; gives its id, or None when the right to send is lost.

    The consent is read again here, locked against a withdrawal at this very moment."""
    model = type(row)
    where = [model.id == claim.row_id, model.state == State.claimed, model.fence == claim.fence]
    statement = (
        update(model)
        .where(*where, model.lease_until > database_now(), _consent_stands(session, row))
        .values(state=State.sending, tries=model.tries + 1, lease_until=database_now(lease_seconds))
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(statement) is None:
        return None
    column = Attempt.delivery_id if isinstance(row, Delivery) else Attempt.letter_id
    attempt = {
        column.key: claim.row_id,
        "number": (session.scalar(select(func.max(Attempt.number)).where(column == claim.row_id)) or 0) + 1,
        "fence": claim.fence,
        "parcel_bytes": len(parcel.body),
        "parcel_schema": parcel.schema,
        "parcel_hash": parcel_hash,
        "started_at": now(session),
    }
    return insert_row(session, Attempt, attempt)


def _reserve(session: Session, case: Case, at: datetime) -> Obstacle | None:
    if case.delivery.about is not About.lead or (case.school.daily_cap is None and case.school.monthly_cap is None):
        return None
    until = slots.reserve_slot(session, slots.lock_lead(session, case.lead.id), case.school, at)
    return Obstacle(State.held, "cap", until) if until else None


def _claim(
    session: Session, model: type[Delivery] | type[Letter], row_id: int, fence: int, lease_seconds: float
) -> Claim | None:
    statement = (
        update(model)
        .where(model.id == row_id, model.state.in_(CLAIMABLE), model.fence == fence, model.due_at <= database_now())
        .values(state=State.claimed, reason=None, fence=model.fence + 1, lease_until=database_now(lease_seconds))
        .returning(model.fence)
        .execution_options(synchronize_session=False)
    )
    taken = session.scalar(statement)
    return None if taken is None else Claim(row_id, taken)


def _consent_stands(session: Session, row: Delivery | Letter) -> ColumnElement[bool]:
    if not isinstance(row, Delivery) or row.about is not About.lead:
        return true()
    lead = session.get_one(Lead, row.lead_id)
    where = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    # a withdrawal that holds the lock is waited for; one that comes later finds us sending
    session.execute(select(Consent.id).where(*where).with_for_update(read=True))
    return select(Consent.id).where(*where, Consent.withdrawn_at.is_(None)).exists()
