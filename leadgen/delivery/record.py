"""Write down how a try ended, and what happens next: DESIGN's steps 4 to 8 and 12, as one table."""

import random
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery import circuit
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    Misconfigured,
    PermanentNo,
)
from leadgen.delivery.change import change_state
from leadgen.delivery.claim import Claim
from leadgen.delivery.decide import Next, decide
from leadgen.delivery.notices import cancel_needless_notices, revive_notices
from leadgen.delivery.spread import deliver_to_next
from leadgen.models import (
    About,
    Attempt,
    Consent,
    Delivery,
    Endpoint,
    EndpointState,
    Inquiry,
    Lead,
    Letter,
    State,
    Subject,
)
from leadgen.vault import ErasedError, Vault

UNANSWERED = (State.sending, State.uncertain)
ARRIVED_LATE = (*UNANSWERED, State.pending, State.held, State.cancelled)


def record_outcome(
    session: Session,
    vault: Vault,
    row: Delivery | Letter,
    claim: Claim,
    attempt_id: int,
    outcome: Answer | CarrierError,
    latency_ms: int,
) -> State:
    """Close the attempt and move the row on. The caller commits.

    A worker that comes late (its lease lapsed, the row is uncertain) still resolves its own attempt. Where a
    person said before that it did not arrive, a yes still counts while nobody sends it again; anything else
    that comes after the row was settled changes nothing and is kept in the history."""
    at = now(session)
    following = decide(row, outcome, at, dice=random.random())  # noqa: S311 - spreads retries, keeps no secret
    following = _respect_withdrawal(session, row, following)
    changed = row.fence == claim.fence and change_state(
        session,
        row,
        following.state,
        following.reason,
        due_at=following.due_at,
        expected=ARRIVED_LATE if isinstance(outcome, Answer) else UNANSWERED,
    )
    if not changed:
        _note_late_answer(session, row, following)
        return row.state
    _close_attempt(session, vault, row, attempt_id, following, outcome, latency_ms, at)
    if isinstance(row, Delivery):
        _follow_up(session, row, following, outcome)
    return row.state


def fail_unsent(session: Session, row: Delivery | Letter, claim: Claim, reason: str) -> State | None:
    """Give up what cannot be sent at all, before a byte left. None where the claim is lost. The caller commits."""
    if row.fence != claim.fence or not change_state(session, row, State.failed, reason, expected=(State.claimed,)):
        return None
    if isinstance(row, Delivery):
        lead = session.get_one(Lead, row.lead_id)
        data = {"delivery": row.id, "school": row.school_id, "about": row.about, "reason": reason}
        history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.failed", "worker", data))
    return row.state


def _respect_withdrawal(session: Session, row: Delivery | Letter, following: Next) -> Next:
    if (
        not isinstance(row, Delivery)
        or row.about is not About.lead
        or following.state not in (State.pending, State.held)
    ):
        return following
    withdrawn = (
        select(Consent.withdrawn_at)
        .join(Lead, (Lead.inquiry_id == Consent.inquiry_id) & (Lead.school_id == Consent.school_id))
        .where(Lead.id == row.lead_id)
        .with_for_update(read=True, of=Consent)
    )
    if session.scalar(withdrawn) is None:
        return following
    return Next(following.result, State.cancelled, "withdrawn")


def _close_attempt(
    session: Session,
    vault: Vault,
    row: Delivery | Letter,
    attempt_id: int,
    following: Next,
    outcome: Answer | CarrierError,
    latency_ms: int,
    at: datetime,
) -> None:
    statement = (
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(
            result=following.result,
            ended_at=at,
            status=outcome.status or None,
            latency_ms=latency_ms,
            answer_sealed=_seal_answer(session, vault, row, outcome.text),
        )
    )
    session.execute(statement.execution_options(synchronize_session=False))


def _seal_answer(session: Session, vault: Vault, row: Delivery | Letter, text: str) -> bytes | None:
    """A school's answer may repeat what we sent, so it is sealed with the contact."""
    if not text or not isinstance(row, Delivery):
        return None
    query = select(Inquiry).join(Lead, Lead.inquiry_id == Inquiry.id).where(Lead.id == row.lead_id)
    inquiry = session.scalars(query).one()
    try:
        key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    except ErasedError:
        return None
    return key.seal(text, "answer")


def _follow_up(session: Session, delivery: Delivery, following: Next, outcome: Answer | CarrierError) -> None:
    endpoint, lead = session.get_one(Endpoint, delivery.endpoint_id), session.get_one(Lead, delivery.lead_id)
    if isinstance(outcome, Answer):
        circuit.note_success(session, endpoint)
        if outcome.reference and delivery.about is About.lead:
            lead.school_reference = outcome.reference
    elif isinstance(outcome, Misconfigured):
        break_endpoint(session, endpoint, outcome.reason)
    elif not isinstance(outcome, PermanentNo):
        circuit.note_failure(session, endpoint)
    if delivery.about is About.lead:
        _carry_on(session, lead, endpoint, following)
    data = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about, "try": delivery.tries}
    facts = data | {"result": following.result, "status": outcome.status, "reason": following.reason}
    kind = "delivery.retry" if following.state is State.pending else f"delivery.{following.state}"
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, "worker", facts))


def _carry_on(session: Session, lead: Lead, endpoint: Endpoint, following: Next) -> None:
    match following.state:
        case State.failed:
            deliver_to_next(session, lead, endpoint)
        case State.cancelled:
            cancel_needless_notices(session, lead)
        case State.delivered:
            revive_notices(session, lead, now(session))


def _note_late_answer(session: Session, row: Delivery | Letter, following: Next) -> None:
    """Somebody settled it before the answer came: the answer changes nothing and is kept in the history."""
    if isinstance(row, Delivery):
        data = {"delivery": row.id, "school": row.school_id, "result": following.result}
        lead = session.get_one(Lead, row.lead_id)
        history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.late_answer", "worker", data))


def break_endpoint(session: Session, endpoint: Endpoint, reason: str) -> None:
    """Take an endpoint out of use until somebody mends its configuration."""
    if endpoint.state is EndpointState.broken:
        return
    endpoint.state, endpoint.broken_reason = EndpointState.broken, reason
    line = history.Line("endpoint.broken", "worker", {"endpoint": endpoint.id, "reason": reason})
    history.append(session, Subject.school, endpoint.school_id, line)
