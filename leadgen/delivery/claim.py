"""From due to claimed, and from claimed to sending: two conditional updates that decide who sends.

Between reading and updating, another worker, a withdrawal or the sweeper may come first. The update
names the state and the fence that were read; zero rows changed means: not ours, send nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import (
    ColumnElement,
    Float,
    Insert,
    Integer,
    Table,
    Update,
    bindparam,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import table_of
from leadgen.delivery import circuit, pace, slots
from leadgen.delivery.batch.claim import BatchClaim, claim_batch
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.feed.offer import offer
from leadgen.delivery.lanes import IN_FLIGHT, LOOK_AGAIN, MOST_IN_FLIGHT, choose_lane
from leadgen.delivery.obstacles import (
    Case,
    Obstacle,
    find_case,
    find_obstacle,
    may_be_fetched,
    note_obstacle,
    note_room,
    say_full,
)
from leadgen.models import PERSONAL, About, Attempt, Consent, Delivery, EndpointKind, Lead, Letter, School, State

CLAIMABLE = (State.pending, State.held)
WEBHOOK_LEASE_SECONDS = 30.0
MAIL_LEASE_SECONDS = 120.0


@dataclass(frozen=True)
class Claim:
    """The right to send one row, until the lease ends. Worth nothing once the fence has moved on."""

    model: type[Delivery] | type[Letter]
    row_id: int
    fence: int
    lease_seconds: float


def claim_delivery(
    session: Session, delivery_id: int, lease_seconds: float = 0, most_in_flight: int = MOST_IN_FLIGHT
) -> Claim | BatchClaim | None:
    """Claim a delivery that is due, or write down why it cannot leave: with all that goes in the same file, where it
    goes in one. The caller commits.

    ``lease_seconds``: as long as the endpoint's kind needs, where not given. Raises sqlalchemy's IntegrityError where
    another delivery of the school has just taken the same lane: then look again."""
    case = find_case(session, delivery_id)
    if case is None or case.state not in CLAIMABLE or case.due_at > case.read_at:
        return None
    if case.kind is EndpointKind.batch:
        return claim_batch(session, case, lease_seconds)
    lease_seconds = lease_seconds or _choose_lease(case.kind)
    lane = choose_lane(case.lanes_taken, most_in_flight, delivery_id)
    obstacle = (
        find_obstacle(session, case)
        or _find_turn(session, case)  # before the lane: who waits for a lane is held no more
        or (Obstacle(State.pending, IN_FLIGHT, case.read_at + LOOK_AGAIN) if lane is None else None)
        or _find_probe(session, case, lease_seconds)
    )
    if obstacle is not None:
        note_obstacle(session, case, obstacle)
        if may_be_fetched(case, obstacle):
            offer(session, delivery_id)
        return None
    claim = _claim(session, Claim(Delivery, delivery_id, case.fence, lease_seconds), {"lane": lane})
    if claim is None:
        return None
    if (full := _reserve(session, case)) is None:
        note_room(session, case)
        return claim
    note_obstacle(session, replace(case, state=State.claimed, reason=None, fence=claim.fence), full)
    # nobody saw this claim: a delivery that was never in a worker's hands can be taken back
    unclaimed = update(Delivery).where(Delivery.id == delivery_id).values(fence=case.fence)
    session.execute(unclaimed, execution_options={"synchronize_session": "fetch"})
    return None


def claim_letter(session: Session, letter_id: int, lease_seconds: float = 0) -> Claim | None:
    """Claim one of our own letters that is due. The caller commits."""
    letter = session.execute(_FIND_LETTER, {"letter_id": letter_id}).one_or_none()
    if letter is None or letter.state is not State.pending or letter.due_at > letter.read_at:
        return None
    return _claim(session, Claim(Letter, letter_id, letter.fence, lease_seconds or MAIL_LEASE_SECONDS))


def start_sending(session: Session, claim: Claim, parcel: Parcel, parcel_hash: str) -> int | None:
    """Write the attempt down before the first byte leaves; gives its id, or None when the right to send is lost.

    The consent is read again here, locked against a withdrawal at this very moment."""
    seen = {"row_id": claim.row_id, "seen_fence": claim.fence, "lease_seconds": claim.lease_seconds}
    tries = session.scalar(_START[claim.model], seen)
    if tries is None:
        return None
    if claim.model is Delivery and tries == 1:
        offer(session, claim.row_id)
    attempt = {
        "row_id": claim.row_id,
        "fence": claim.fence,
        "parcel_bytes": len(parcel.body),
        "parcel_schema": parcel.schema,
        "parcel_hash": parcel_hash,
    }
    return int(session.execute(ADD_ATTEMPT[claim.model], attempt).scalar_one())


def _choose_lease(kind: EndpointKind) -> float:
    return MAIL_LEASE_SECONDS if kind is EndpointKind.email else WEBHOOK_LEASE_SECONDS


def _find_turn(session: Session, case: Case) -> Obstacle | None:
    """A lead that was held waits for its turn; whoever waits for one already has it now."""
    if case.about is not About.lead or case.state is not State.held or case.reason == pace.TURN:
        return None
    turn = pace.take_turn(session, case.school_id, case.read_at)
    return Obstacle(State.held, pace.TURN, turn) if turn else None


def _find_probe(session: Session, case: Case, lease_seconds: float) -> Obstacle | None:
    """After the rest of a circuit one delivery alone goes first, and the others see how it fares."""
    if case.open_until is None or circuit.take_probe(session, case.endpoint_id, case.open_until, lease_seconds):
        return None
    return Obstacle(State.held, circuit.OPEN, case.read_at + timedelta(seconds=lease_seconds))


def _reserve(session: Session, case: Case) -> Obstacle | None:
    if case.about is not About.lead or not case.is_capped:
        return None
    lead, school = slots.lock_lead(session, case.lead_id), session.get_one(School, case.school_id)
    until = slots.reserve_slot(session, lead, school, case.read_at)
    return say_full(case, until) if until else None


def _claim(session: Session, wanted: Claim, values: Mapping[str, object] | None = None) -> Claim | None:
    """``wanted`` with the fence that was read; gives it with the fence that is ours."""
    seen = {"row_id": wanted.row_id, "seen_fence": wanted.fence, "lease_seconds": wanted.lease_seconds}
    taken = session.scalar(_CLAIM[wanted.model], seen | dict(values or {}))
    return None if taken is None else replace(wanted, fence=taken)


def _build_claim(table: Table, more: Mapping[str, ColumnElement[int]] | None = None) -> Update:
    due = (table.c.state.in_(CLAIMABLE), table.c.due_at <= database_now())
    values = {"state": State.claimed, "reason": None, "fence": table.c.fence + 1, "lease_until": _LEASE_END}
    return update(table).where(*_is_as_seen(table), *due).values(values | dict(more or {})).returning(table.c.fence)


def _build_start(table: Table, consent_stands: ColumnElement[bool]) -> Update:
    ours = (table.c.state == State.claimed, table.c.lease_until > database_now(), consent_stands)
    values = {"state": State.sending, "tries": table.c.tries + 1, "lease_until": _LEASE_END}
    return update(table).where(*_is_as_seen(table), *ours).values(values).returning(table.c.tries)


def _is_as_seen(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.id == bindparam("row_id"), table.c.fence == bindparam("seen_fence")


def _build_attempt(column: str) -> Insert:
    """The next attempt of the row that ``column`` names; what else it holds comes with the values at each call."""
    row_id = bindparam("row_id", type_=Integer)
    last = select(func.coalesce(func.max(_attempt.c.number), 0)).where(_attempt.c[column] == row_id)
    values = {column: row_id, "number": last.scalar_subquery() + 1, "started_at": database_now()}
    return insert(_attempt).values(values).returning(_attempt.c.id)


_delivery, _letter, _attempt = table_of(Delivery), table_of(Letter), table_of(Attempt)
_lead, _consent = table_of(Lead), table_of(Consent)

_LEASE_END = database_now(bindparam("lease_seconds", type_=Float))
_FIND_LETTER = select(_letter.c.state, _letter.c.fence, _letter.c.due_at, database_now().label("read_at")).where(
    _letter.c.id == bindparam("letter_id")
)
# a withdrawal that holds the lock is waited for; one that comes later finds us sending
CONSENT_STANDS = (
    select(_consent.c.id)
    .join(_lead, (_lead.c.inquiry_id == _consent.c.inquiry_id) & (_lead.c.school_id == _consent.c.school_id))
    .where(_lead.c.id == _delivery.c.lead_id, _consent.c.withdrawn_at.is_(None))
    .with_for_update(read=True, of=_consent)
    .correlate(_delivery)
    .exists()
)
_CLAIM = {Delivery: _build_claim(_delivery, {"lane": bindparam("lane", type_=Integer)}), Letter: _build_claim(_letter)}
_START = {
    Delivery: _build_start(_delivery, or_(_delivery.c.about.not_in(PERSONAL), CONSENT_STANDS)),
    Letter: _build_start(_letter, true()),
}
ADD_ATTEMPT = {Delivery: _build_attempt("delivery_id"), Letter: _build_attempt("letter_id")}
