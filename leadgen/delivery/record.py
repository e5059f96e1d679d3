"""Write down how a try ended, and what happens next: DESIGN's steps 4 to 8 and 12, as one table."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery import circuit
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Misconfigured,
    PermanentNo,
)
from leadgen.delivery.change import change_state
from leadgen.delivery.claim import Claim
from leadgen.delivery.notices import cancel_needless_notices
from leadgen.delivery.retry import find_wait
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
    Result,
    State,
    Subject,
)
from leadgen.vault import ErasedError, Vault

BROKEN_LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Next:
    """The state after a try, why, and when it is due again."""

    result: Result
    state: State
    reason: str | None = None
    due_at: datetime | None = None


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

    A worker that comes late (its lease lapsed, the row is uncertain) still resolves its own attempt; where
    a person resolved it before, the row stays as it is."""
    if row.fence != claim.fence:
        return row.state
    at = now(session)
    following = decide(row, outcome, at, dice=random.random())  # noqa: S311 - spreads retries, keeps no secret
    following = _respect_withdrawal(session, row, following)
    changed = change_state(
        session,
        row,
        following.state,
        following.reason,
        due_at=following.due_at,
        expected=(State.sending, State.uncertain),
    )
    if not changed:
        _note_late_answer(session, row, following)
        return row.state
    _close_attempt(session, vault, row, attempt_id, following, outcome, latency_ms, at)
    if isinstance(row, Delivery):
        _follow_up(session, row, following, outcome)
    return row.state


def decide(row: Delivery | Letter, outcome: Answer | CarrierError, at: datetime, dice: float) -> Next:
    """What one outcome means. Only a receiver proved to dedupe is sent the unknown again."""
    match outcome:
        case Answer():
            return Next(Result.accepted, State.delivered)
        case DefiniteNo():
            wait = find_wait(row.tries, outcome.retry_after, dice)
            if wait is None:
                return Next(Result.definite_no, State.failed, f"spent: {outcome.reason}")
            return Next(Result.definite_no, State.pending, outcome.reason, at + timedelta(seconds=wait))
        case PermanentNo():
            return Next(Result.permanent_no, State.failed, outcome.reason)
        case Misconfigured() if isinstance(row, Delivery):
            return Next(Result.misconfigured, State.held, outcome.reason, at + BROKEN_LOOK_AGAIN)
        case Misconfigured():
            return Next(Result.misconfigured, State.failed, outcome.reason)
    return decide_unknown(row, outcome.reason, at, dice)


def decide_unknown(row: Delivery | Letter, reason: str, at: datetime, dice: float) -> Next:
    """Bytes left and nobody knows: uncertain, or again under the same key where that is proved harmless."""
    wait = find_wait(row.tries, None, dice)
    if isinstance(row, Delivery) and row.endpoint.dedupes and wait is not None:
        return Next(Result.superseded, State.pending, reason, at + timedelta(seconds=wait))
    return Next(Result.unknown, State.uncertain, reason)


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
    data = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about, "try": delivery.tries}
    facts = data | {"result": following.result, "status": outcome.status, "reason": following.reason}
    kind = "delivery.retry" if following.state is State.pending else f"delivery.{following.state}"
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, "worker", facts))
    if following.state is State.failed and delivery.about is About.lead:
        deliver_to_next(session, lead, endpoint)
    if following.state is State.cancelled:
        cancel_needless_notices(session, lead)


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
