"""Settle by word what no answer settled: did the school get it? And send again what failed."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history, outbox
from leadgen.clock import now
from leadgen.delivery.change import change_state
from leadgen.delivery.notices import cancel_needless_notices
from leadgen.models import About, Attempt, Consent, Delivery, Lead, Result, State, Subject


class ResolveError(Exception):
    """The delivery is not in a state that allows this. The message says what happened meanwhile."""


def resolve_received(session: Session, delivery: Delivery, actor: str, reason: str) -> None:
    """The school has it: the attempt counts as accepted. Raises ResolveError unless uncertain."""
    _leave(session, delivery, (State.uncertain,), State.delivered, None)
    _settle_attempt(session, delivery, Result.accepted, actor)
    _tell(session, delivery, "delivery.resolved_received", actor, reason)


def resolve_not_received(session: Session, delivery: Delivery, actor: str, reason: str) -> None:
    """The school does not have it: the attempt is closed and the delivery is due again, under the same key.

    Where the consent no longer stands it is cancelled instead. Raises ResolveError unless uncertain."""
    lead = session.get_one(Lead, delivery.lead_id)
    stands = delivery.about is not About.lead or _consent_stands(session, lead)
    _leave(
        session,
        delivery,
        (State.uncertain,),
        State.pending if stands else State.cancelled,
        None if stands else "withdrawn",
    )
    _settle_attempt(session, delivery, Result.not_received, actor)
    _tell(session, delivery, "delivery.resolved_not_received", actor, reason)
    if stands:
        outbox.after_commit(session, outbox.DELIVER, delivery.id)
    else:
        cancel_needless_notices(session, lead)


def redeliver(session: Session, delivery: Delivery, actor: str, reason: str) -> None:
    """Send a failed delivery again, under the same key. Raises ResolveError unless failed and consented."""
    if delivery.about is About.lead and not _consent_stands(session, session.get_one(Lead, delivery.lead_id)):
        raise ResolveError("She has withdrawn her consent, so nothing is sent.")
    _leave(session, delivery, (State.failed,), State.pending, None)
    _tell(session, delivery, "delivery.redelivered", actor, reason)
    outbox.after_commit(session, outbox.DELIVER, delivery.id)


def _leave(session: Session, delivery: Delivery, expected: tuple[State, ...], state: State, reason: str | None) -> None:
    at: datetime = now(session)
    if not change_state(session, delivery, state, reason, due_at=at, expected=expected, fresh_tries=True):
        session.refresh(delivery)
        raise ResolveError(f"This delivery is {delivery.state} by now. Nothing was changed.")


def _settle_attempt(session: Session, delivery: Delivery, result: Result, actor: str) -> None:
    where = (Attempt.delivery_id == delivery.id, Attempt.result.is_(None) | (Attempt.result == Result.unknown))
    values = {"result": result, "resolved_by": actor, "ended_at": now(session)}
    session.execute(update(Attempt).where(*where).values(values).execution_options(synchronize_session=False))


def _consent_stands(session: Session, lead: Lead) -> bool:
    query = select(Consent.withdrawn_at).where(
        Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id
    )
    return session.execute(query.with_for_update()).scalar_one() is None


def _tell(session: Session, delivery: Delivery, kind: str, actor: str, reason: str) -> None:
    lead = session.get_one(Lead, delivery.lead_id)
    data = {"delivery": delivery.id, "school": delivery.school_id, "reason": reason}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, actor, data))
