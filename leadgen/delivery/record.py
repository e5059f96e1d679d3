"""Write down how a try ended, and what happens next: DESIGN's steps 4 to 8 and 12, as one table."""

import random
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.database import insert_unless_there, table_of
from leadgen.delivery import circuit, lanes
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    Misconfigured,
    OurFault,
    PermanentNo,
)
from leadgen.delivery.change import Move, change_state, move_row
from leadgen.delivery.claim import Claim
from leadgen.delivery.decide import Next, decide
from leadgen.delivery.notices import cancel_needless_notices, note_untold, revive_notices
from leadgen.delivery.slots import correct_price, give_back_slot
from leadgen.delivery.spread import deliver_to_next
from leadgen.delivery.tried import Tried, TriedDelivery, find_tried
from leadgen.models import (
    PERSONAL,
    About,
    Attempt,
    Consent,
    Delivery,
    Endpoint,
    EndpointState,
    Lead,
    Letter,
    Link,
    Receipt,
    ReceiptKind,
    State,
    Subject,
)
from leadgen.vault import Vault, VaultError

UNANSWERED = (State.sending, State.uncertain)
ARRIVED_LATE = (*UNANSWERED, State.pending, State.held, State.cancelled)

_CLOSE_ATTEMPT = update(table_of(Attempt)).where(table_of(Attempt).c.id == bindparam("attempt_id"))
_KEEP_REFERENCE = update(table_of(Lead)).where(table_of(Lead).c.id == bindparam("lead_id"))


@dataclass(frozen=True)
class Heard:
    """How a try ended. ``version``: that of the endpoint when it was sent, where that is known."""

    attempt_id: int
    outcome: Answer | CarrierError
    latency_ms: int
    version: int | None = None


def record_outcome(session: Session, vault: Vault, claim: Claim, heard: Heard) -> State:
    """Close the attempt and move the row on. The caller commits.

    A worker that comes late (its lease lapsed, the row is uncertain) still resolves its own attempt. Where a
    person said before that it did not arrive, a yes still counts while nobody sends it again; anything else
    that comes after the row was settled changes nothing and is kept in the history."""
    tried, outcome = find_tried(session, claim), heard.outcome
    dice = random.random()  # noqa: S311 - spreads retries, keeps no secret
    following = decide(tried.receiver, tried.tries, outcome, tried.read_at, dice)
    following = _respect_withdrawal(session, tried, following)
    if isinstance(tried, TriedDelivery) and following.state is State.held and not _was_sent_there(tried, heard):
        following = replace(following, due_at=tried.read_at)  # where it is by now may well take it
    if tried.fence != claim.fence or not _move(session, claim, outcome, following):
        _note_late_answer(session, tried, following)
        return tried.state
    if isinstance(tried, TriedDelivery) and tried.about is About.lead:
        give_back_slot(session, tried.lead_id, following.state)
    attempt = {
        "attempt_id": heard.attempt_id,
        "result": following.result,
        "ended_at": tried.read_at,
        "status": outcome.status or None,
        "latency_ms": heard.latency_ms,
        "answer_sealed": _seal_answer(vault, tried, outcome.text),
    }
    session.execute(_CLOSE_ATTEMPT, attempt)
    if isinstance(tried, TriedDelivery):
        _follow_up(session, tried, following, heard)
        lanes.wake_next(session, tried.school_id)
    return following.state


def fail_unsent(session: Session, claim: Claim, reason: str) -> State | None:
    """Give up what cannot be sent at all, before a byte left. None where the claim is lost. The caller commits."""
    model: type[Any] = claim.model
    row: Delivery | Letter = session.get_one(model, claim.row_id, populate_existing=True)
    if row.fence != claim.fence or not change_state(session, row, State.failed, reason, expected=(State.claimed,)):
        return None
    if isinstance(row, Delivery):
        lead = session.get_one(Lead, row.lead_id)
        data = {"delivery": row.id, "school": row.school_id, "about": row.about, "reason": reason}
        history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.failed", "worker", data))
    return row.state


def _move(session: Session, claim: Claim, outcome: Answer | CarrierError, following: Next) -> bool:
    expected = ARRIVED_LATE if isinstance(outcome, Answer) else UNANSWERED
    move = Move(following.state, following.reason, following.due_at)
    return move_row(session, claim.model, claim.row_id, claim.fence, expected, move)


def _respect_withdrawal(session: Session, tried: Tried, following: Next) -> Next:
    if following.state not in (State.pending, State.held):
        return following
    if not isinstance(tried, TriedDelivery):
        return _respect_dead_link(session, tried, following)
    if tried.about not in PERSONAL:
        return following
    withdrawn = (
        select(Consent.withdrawn_at)
        .where(Consent.inquiry_id == tried.inquiry_id, Consent.school_id == tried.school_id)
        .with_for_update(read=True)
    )
    if session.scalar(withdrawn) is None:
        return following
    return Next(following.result, State.cancelled, "withdrawn")


def _respect_dead_link(session: Session, tried: Tried, following: Next) -> Next:
    """A letter is not tried again once the link in it was taken back, or what it led to is gone and its recipient with
    it."""
    # locked whether it was or not: a withdrawal under way either waits for us, and cancels, or is waited for
    links = select(Link.ended_at).where(Link.letter_id == tried.row_id).with_for_update(read=True)
    was_ended = any(ended_at is not None for ended_at in session.scalars(links))
    if was_ended:
        return Next(following.result, State.cancelled, "withdrawn")
    sealed = session.scalar(select(Letter.sealed).where(Letter.id == tried.row_id).with_for_update(read=True))
    return Next(following.result, State.cancelled, "erased") if sealed == b"" else following


def _seal_answer(vault: Vault, tried: Tried, text: str) -> bytes | None:
    """A school's answer may repeat what we sent, so it is sealed with the contact."""
    if not text or not isinstance(tried, TriedDelivery):
        return None
    try:
        key = vault.open_key(tried.wrapped_key, f"contact:{tried.reference}")
    except VaultError:  # erased, or its key is gone; what was answered counts all the same
        return None
    return key.seal(text, "answer")


def _follow_up(session: Session, tried: TriedDelivery, following: Next, heard: Heard) -> None:
    outcome = heard.outcome
    if isinstance(outcome, Answer) and outcome.reference and tried.about is About.lead:
        session.execute(_KEEP_REFERENCE, {"lead_id": tried.lead_id, "school_reference": outcome.reference})
    if isinstance(outcome, Answer) and outcome.price_cents is not None and tried.about is About.lead:
        correct_price(session, tried.lead_id, outcome.price_cents)
    if isinstance(outcome, Answer) and outcome.receipt:
        _keep_receipt(session, tried, heard.attempt_id, outcome)
    if _was_sent_there(tried, heard):
        _judge_endpoint(session, tried, heard)
    if tried.about is About.lead:
        _carry_on(session, tried, following)
    data = {"delivery": tried.row_id, "school": tried.school_id, "about": tried.about, "try": tried.tries}
    facts = data | {"result": following.result, "status": outcome.status, "reason": following.reason}
    kind = "delivery.retry" if following.state is State.pending else f"delivery.{following.state}"
    _tell(session, tried, history.Line(kind, "worker", facts))


def _keep_receipt(session: Session, tried: TriedDelivery, attempt_id: int, answer: Answer) -> None:
    """What the school's own answer says of it: that it took it, or had it already; and what it pays."""
    values = {
        "delivery_id": tried.row_id,
        "kind": ReceiptKind(answer.receipt),
        "event_id": f"answer:{attempt_id}",
        "source": "answer",
        "received_at": tried.read_at,
        "price_cents": answer.price_cents,
    }
    insert_unless_there(session, Receipt, values)


def _was_sent_there(tried: TriedDelivery, heard: Heard) -> bool:
    """Whether the endpoint is still as it was when it was sent to."""
    return heard.version in (None, tried.endpoint_version)


def _judge_endpoint(session: Session, tried: TriedDelivery, heard: Heard) -> None:
    """What the try says of the endpoint that was sent to."""
    if _is_reached(heard.outcome):
        if tried.has_failed:
            circuit.note_success(session, tried.endpoint_id)
    elif isinstance(heard.outcome, Misconfigured):
        endpoint = session.get_one(Endpoint, tried.endpoint_id, populate_existing=True, with_for_update=True)
        if heard.version in (None, endpoint.version):
            break_endpoint(session, endpoint, heard.outcome.reason)
    elif not isinstance(heard.outcome, (PermanentNo, OurFault)):
        circuit.note_failure(session, tried.endpoint_id)


def _is_reached(outcome: Answer | CarrierError) -> bool:
    """Whether the receiver is there: it said yes, or no to this very lead. What never left tells nothing of it."""
    return isinstance(outcome, Answer) or (isinstance(outcome, PermanentNo) and bool(outcome.status))


def _carry_on(session: Session, tried: TriedDelivery, following: Next) -> None:
    match following.state:
        case State.failed:
            lead, failed = session.get_one(Lead, tried.lead_id), session.get_one(Endpoint, tried.endpoint_id)
            deliver_to_next(session, lead, failed)
        case State.cancelled:
            cancel_needless_notices(session, session.get_one(Lead, tried.lead_id))
        case State.delivered:
            revive_notices(session, tried.lead_id, tried.read_at)
            if tried.state is State.cancelled:
                note_untold(session, tried.lead_id, tried.read_at)


def _note_late_answer(session: Session, tried: Tried, following: Next) -> None:
    """Somebody settled it before the answer came: the answer changes nothing and is kept in the history."""
    if isinstance(tried, TriedDelivery):
        data = {"delivery": tried.row_id, "school": tried.school_id, "result": following.result}
        _tell(session, tried, history.Line("delivery.late_answer", "worker", data))


def _tell(session: Session, tried: TriedDelivery, line: history.Line) -> None:
    history.append(session, Subject.inquiry, tried.inquiry_id, line, at=tried.read_at)


def break_endpoint(session: Session, endpoint: Endpoint, reason: str) -> None:
    """Take an endpoint out of use until somebody mends its configuration.

    One in testing gets no leads, so this answer is about what it was before it was moved: it stays in testing."""
    if endpoint.state in (EndpointState.broken, EndpointState.testing):
        return
    endpoint.state, endpoint.broken_reason = EndpointState.broken, reason
    line = history.Line("endpoint.broken", "worker", {"endpoint": endpoint.id, "reason": reason})
    history.append(session, Subject.school, endpoint.school_id, line)
