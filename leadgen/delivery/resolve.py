"""Settle by word what no answer settled: did the school get it? And send again what failed."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history, outbox
from leadgen.clock import now
from leadgen.delivery.change import change_state
from leadgen.delivery.notices import cancel_needless_notices
from leadgen.delivery.retry import MAX_AGE, is_too_old
from leadgen.marks import say
from leadgen.models import (
    PERSONAL,
    About,
    Attempt,
    Consent,
    Contact,
    Delivery,
    Event,
    Lead,
    Letter,
    Link,
    Result,
    Route,
    State,
    Subject,
)

RESENDABLE = (State.failed, State.uncertain)


class ResolveError(Exception):
    """The delivery is not in a state that allows this. The message says how things stand; ``event`` is the last line
    of the history about the delivery, where there is one: who did what, and when."""

    def __init__(self, message: str, event: Event | None = None) -> None:
        super().__init__(message)
        self.event = event


def resolve_received(session: Session, delivery: Delivery, actor: str, reason: str) -> None:
    """The school has it: the attempt counts as accepted. Raises ResolveError unless uncertain."""
    _leave(session, delivery, (State.uncertain,), State.delivered, None)
    _settle_attempt(session, delivery, Result.accepted, actor)
    _tell(session, delivery, "delivery.resolved_received", actor, reason)


def resolve_not_received(session: Session, delivery: Delivery, actor: str, reason: str) -> None:
    """The school does not have it: the attempt is closed and the delivery is due again, under the same key.

    Where the consent no longer stands it is cancelled instead. Raises ResolveError unless uncertain."""
    lead = session.get_one(Lead, delivery.lead_id)
    stands = delivery.about not in PERSONAL or _consent_stands(session, lead)
    _leave(
        session,
        delivery,
        (State.uncertain,),
        State.pending if stands else State.cancelled,
        None if stands else "withdrawn",
    )
    _settle_attempt(session, delivery, Result.not_received, actor)
    if stands:
        outbox.after_commit(session, outbox.Carried.delivery, delivery.id)
    else:
        cancel_needless_notices(session, lead)
    _tell(session, delivery, "delivery.resolved_not_received", actor, reason)


def redeliver(session: Session, delivery: Delivery, actor: str, reason: str) -> None:
    """Send a failed delivery again, under the same key. Raises ResolveError unless failed and consented, while the
    lead is not too old, and no other endpoint has it of a school that wants the first that accepts."""
    lead = session.get_one(Lead, delivery.lead_id)
    if delivery.about in PERSONAL:
        _refuse_withdrawn(session, lead)
    if delivery.about is About.lead:
        _refuse_lead(session, delivery, lead)
    _leave(session, delivery, (State.failed,), State.pending, None)
    delivery.set_aside = delivery.set_aside_at = None  # should it fail again, it is on the worklist again
    _tell(session, delivery, "delivery.redelivered", actor, reason)
    outbox.after_commit(session, outbox.Carried.delivery, delivery.id)


def resend_letter(session: Session, letter: Letter, actor: str, reason: str) -> None:
    """Send one of our own letters again that failed, or of which nobody knows. Raises ResolveError in any other state.

    An attempt of which nobody knows is closed as not received: she may get the letter twice, which harms nobody. A
    letter whose link opens nothing any more is not sent: what it asks was answered, or she withdrew."""
    _refuse_erased(session, letter)
    _refuse_dead_link(session, letter)
    if not change_state(
        session, letter, State.pending, None, due_at=now(session), expected=RESENDABLE, fresh_tries=True
    ):
        session.refresh(letter)
        raise ResolveError(say("This letter is %(state)s by now. Nothing was changed.", state=letter.state))
    letter.set_aside = letter.set_aside_at = None
    _settle_attempt(session, letter, Result.not_received, actor)
    if letter.inquiry_id is not None:
        line = history.Line("letter.resent", actor, {"letter": letter.kind, "reason": reason})
        history.append(session, Subject.inquiry, letter.inquiry_id, line)
    outbox.after_commit(session, outbox.Carried.letter, letter.id)


def _refuse_erased(session: Session, letter: Letter) -> None:
    erased = select(Contact.inquiry_id).where(Contact.inquiry_id == letter.inquiry_id, Contact.erased_at.is_not(None))
    if session.scalar(erased) is not None:
        raise ResolveError(say("The personal data was erased, so nothing is sent."))


def _refuse_dead_link(session: Session, letter: Letter) -> None:
    # locked while it is alive: whoever ends it at this moment waits, and then finds the letter due and cancels it
    mine = select(Link.used_at, Link.ended_at, Link.expires_at).where(Link.letter_id == letter.id)
    at = now(session)
    if any(used or ended or expires <= at for used, ended, expires in session.execute(mine.with_for_update(read=True))):
        raise ResolveError(say("The link in this letter opens nothing any more, so nothing is sent."))


def _refuse_withdrawn(session: Session, lead: Lead) -> None:
    if not _consent_stands(session, lead):
        raise ResolveError(say("She has withdrawn her consent, so nothing is sent."))


def _refuse_lead(session: Session, delivery: Delivery, lead: Lead) -> None:
    if is_too_old(now(session) - lead.released_at):
        raise ResolveError(say("This lead is older than %(days)s days, so nothing is sent.", days=MAX_AGE.days))
    elsewhere = select(Delivery.id).where(
        Delivery.lead_id == lead.id,
        Delivery.id != delivery.id,
        Delivery.about == About.lead,
        Delivery.state.not_in((State.failed, State.cancelled)),
    )
    if lead.route is Route.first and session.scalar(elsewhere.limit(1)) is not None:
        raise ResolveError(say("Another endpoint of this school has the lead, or gets it now."))


def _leave(session: Session, delivery: Delivery, expected: tuple[State, ...], state: State, reason: str | None) -> None:
    at: datetime = now(session)
    if not change_state(session, delivery, state, reason, due_at=at, expected=expected, fresh_tries=True):
        session.refresh(delivery)
        event = _find_last_event(session, delivery)
        raise ResolveError(say("This delivery is %(state)s by now. Nothing was changed.", state=delivery.state), event)


def _find_last_event(session: Session, delivery: Delivery) -> Event | None:
    events = history.read_history(session, Subject.inquiry, session.get_one(Lead, delivery.lead_id).inquiry_id)
    return next((event for event in reversed(events) if event.data.get("delivery") == delivery.id), None)


def _settle_attempt(session: Session, row: Delivery | Letter, result: Result, actor: str) -> None:
    column = Attempt.delivery_id if isinstance(row, Delivery) else Attempt.letter_id
    where = (column == row.id, Attempt.result.is_(None) | (Attempt.result == Result.unknown))
    values = {"result": result, "resolved_by": actor, "ended_at": now(session)}
    session.execute(update(Attempt).where(*where).values(values).execution_options(synchronize_session=False))


def _consent_stands(session: Session, lead: Lead) -> bool:
    query = select(Consent.withdrawn_at).where(
        Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id
    )
    return session.execute(query.with_for_update(key_share=True)).scalar_one() is None


def _tell(session: Session, delivery: Delivery, kind: str, actor: str, reason: str) -> None:
    lead = session.get_one(Lead, delivery.lead_id)
    data = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about, "reason": reason}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, actor, data))
